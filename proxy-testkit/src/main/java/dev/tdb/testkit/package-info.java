/** What the tests of every protocol share. */
@NullMarked
package dev.tdb.testkit;

import org.jspecify.annotations.NullMarked;
