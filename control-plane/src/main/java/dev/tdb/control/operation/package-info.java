/** The journal of long actions. */
@NullMarked
package dev.tdb.control.operation;

import org.jspecify.annotations.NullMarked;
