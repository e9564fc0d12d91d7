/** The query log: written by day, searched by tenant. */
@NullMarked
package dev.tdb.control.querylog;

import org.jspecify.annotations.NullMarked;
