/**
 * Real database servers as child processes of this JVM: unpacked, initialised, started, watched and stopped.
 *
 * <p>{@link dev.tdb.local.PostgresServer} is where to begin. What does not carry the name of an engine is shared by all
 * of them.
 */
@NullMarked
package dev.tdb.local;

import org.jspecify.annotations.NullMarked;
