/** Cuts PostgreSQL's byte stream into frames. */
@NullMarked
package dev.tdb.postgres.codec;

import org.jspecify.annotations.NullMarked;
