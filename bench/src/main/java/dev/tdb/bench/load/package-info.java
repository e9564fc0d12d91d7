/** The load harness: the same load on several ways to one server, side by side. */
@NullMarked
package dev.tdb.bench.load;

import org.jspecify.annotations.NullMarked;
