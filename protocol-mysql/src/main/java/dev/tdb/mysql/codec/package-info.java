/** What is known of a talk without decoding it: which replies are owed, what was prepared, what a text may have changed. */
@NullMarked
package dev.tdb.mysql.codec;

import org.jspecify.annotations.NullMarked;
