/** Database servers that tenants may be placed on. */
@NullMarked
package dev.tdb.control.host;

import org.jspecify.annotations.NullMarked;
