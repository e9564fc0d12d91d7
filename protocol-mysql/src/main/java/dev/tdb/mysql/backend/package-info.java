/** The half towards servers: logging in to them, and asking them what a session has built up. */
@NullMarked
package dev.tdb.mysql.backend;

import org.jspecify.annotations.NullMarked;
