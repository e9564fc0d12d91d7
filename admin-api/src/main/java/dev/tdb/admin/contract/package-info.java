/** The OpenAPI document, made from the same table of endpoints that the server runs on. */
@NullMarked
package dev.tdb.admin.contract;

import org.jspecify.annotations.NullMarked;
