/** The query log at size: filled the way a proxy fills it, then asked. */
@NullMarked
package dev.tdb.bench.querylog;

import org.jspecify.annotations.NullMarked;
