/** Clients for measuring: blocking, one request at a time, as few instructions as can be. */
@NullMarked
package dev.tdb.bench.wire;

import org.jspecify.annotations.NullMarked;
