/** The control database. */
@NullMarked
package dev.tdb.control.store;

import org.jspecify.annotations.NullMarked;
