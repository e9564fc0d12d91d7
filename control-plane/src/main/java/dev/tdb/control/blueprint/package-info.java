/** Blueprints and their numbered versions. */
@NullMarked
package dev.tdb.control.blueprint;

import org.jspecify.annotations.NullMarked;
