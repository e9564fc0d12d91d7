/** What {@code tdb serve} is told: one file, checked whole before anything starts. */
@NullMarked
package dev.tdb.app.config;

import org.jspecify.annotations.NullMarked;
