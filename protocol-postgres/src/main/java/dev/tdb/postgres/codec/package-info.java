/** Reading a running conversation in place: where its messages lie, and which replies are outstanding. */
@NullMarked
package dev.tdb.postgres.codec;

import org.jspecify.annotations.NullMarked;
