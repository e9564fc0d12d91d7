/** Which server holds a tenant database: immutable values. */
@NullMarked
package dev.tdb.proxy.route;

import org.jspecify.annotations.NullMarked;
