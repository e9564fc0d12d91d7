/** Microbenchmarks and load. */
@NullMarked
package dev.tdb.bench;

import org.jspecify.annotations.NullMarked;
