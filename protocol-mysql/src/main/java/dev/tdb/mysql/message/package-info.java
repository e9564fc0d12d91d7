/** The protocol's messages that are read or written as a whole, as values; and the notation they are written in. */
@NullMarked
package dev.tdb.mysql.message;

import org.jspecify.annotations.NullMarked;
