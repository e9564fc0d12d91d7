/** The half towards servers: logging in, asking, resetting. */
@NullMarked
package dev.tdb.postgres.backend;

import org.jspecify.annotations.NullMarked;
