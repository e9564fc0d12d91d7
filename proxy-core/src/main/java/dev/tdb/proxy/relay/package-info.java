/** Bytes under way: when to read, what waits, within which bounds. */
@NullMarked
package dev.tdb.proxy.relay;

import org.jspecify.annotations.NullMarked;
