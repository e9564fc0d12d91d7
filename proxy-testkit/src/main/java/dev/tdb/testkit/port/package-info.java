/** What a protocol's handshake and conversation are given, played by a test that notes what is done to it. */
@NullMarked
package dev.tdb.testkit.port;

import org.jspecify.annotations.NullMarked;
