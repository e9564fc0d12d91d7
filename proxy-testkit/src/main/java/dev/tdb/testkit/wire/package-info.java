/** Raw bytes to and from the proxy: clients that may cut them anywhere, and a hop before a server that may be cut. */
@NullMarked
package dev.tdb.testkit.wire;

import org.jspecify.annotations.NullMarked;
