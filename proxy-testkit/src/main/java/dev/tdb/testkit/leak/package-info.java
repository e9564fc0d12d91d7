/** Whether a test gave back every buffer it took. */
@NullMarked
package dev.tdb.testkit.leak;

import org.jspecify.annotations.NullMarked;
