/** The data path alone, as a process: no API, no control plane, query events thrown away. */
@NullMarked
package dev.tdb.bench.datapath;

import org.jspecify.annotations.NullMarked;
