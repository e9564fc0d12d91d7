/** {@code tdb serve} and {@code tdb config}: production, everything from one file. */
@NullMarked
package dev.tdb.app.serve;

import org.jspecify.annotations.NullMarked;
