/** Which server holds a tenant database: kept, published, flipped. */
@NullMarked
package dev.tdb.control.route;

import org.jspecify.annotations.NullMarked;
