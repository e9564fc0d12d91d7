/** The plain flip of a route, step by step. */
@NullMarked
package dev.tdb.control.cutover;

import org.jspecify.annotations.NullMarked;
