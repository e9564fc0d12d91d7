/** PostgreSQL's wire protocol, version 3, as the data path knows it. */
@NullMarked
package dev.tdb.postgres;

import org.jspecify.annotations.NullMarked;
