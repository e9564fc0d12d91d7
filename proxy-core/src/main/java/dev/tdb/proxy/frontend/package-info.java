/** The client's half of a session, and what a protocol must know to have one. */
@NullMarked
package dev.tdb.proxy.frontend;

import org.jspecify.annotations.NullMarked;
