/** PostgreSQL as an engine. */
@NullMarked
package dev.tdb.control.postgres;

import org.jspecify.annotations.NullMarked;
