/** The program: configuration, assembly and the {@code tdb} command. */
@NullMarked
package dev.tdb.app;

import org.jspecify.annotations.NullMarked;
