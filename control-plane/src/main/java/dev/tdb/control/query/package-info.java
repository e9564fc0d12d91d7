/** Queries that come in by the API. */
@NullMarked
package dev.tdb.control.query;

import org.jspecify.annotations.NullMarked;
