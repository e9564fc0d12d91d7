/** The {@code tdb} command against a running tdb: the API from the shell. Loads no class of the server. */
@NullMarked
package dev.tdb.app.cli;

import org.jspecify.annotations.NullMarked;
