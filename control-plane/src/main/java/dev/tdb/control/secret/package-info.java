/** Randomness, verifiers and encryption at rest. */
@NullMarked
package dev.tdb.control.secret;

import org.jspecify.annotations.NullMarked;
