/** The messages of the protocol that the proxy reads or says itself; all others it only carries. */
@NullMarked
package dev.tdb.postgres.message;

import org.jspecify.annotations.NullMarked;
