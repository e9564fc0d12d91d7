/** Tenants and their databases. */
@NullMarked
package dev.tdb.control.tenant;

import org.jspecify.annotations.NullMarked;
