/** Answers that are given again to requests that come again. */
@NullMarked
package dev.tdb.control.answer;

import org.jspecify.annotations.NullMarked;
