/** What the store says, published to the data path as immutable values. */
@NullMarked
package dev.tdb.control.snapshot;

import org.jspecify.annotations.NullMarked;
