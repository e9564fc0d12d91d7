/** Microbenchmarks of the data path's parts. */
@NullMarked
package dev.tdb.bench.jmh;

import org.jspecify.annotations.NullMarked;
