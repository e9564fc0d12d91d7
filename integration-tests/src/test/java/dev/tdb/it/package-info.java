/** The proxy between real servers and real drivers. */
@NullMarked
package dev.tdb.it;

import org.jspecify.annotations.NullMarked;
