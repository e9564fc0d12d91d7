/** {@code tdb dev}: everything on this machine, for trying tdb out and for tests. */
@NullMarked
package dev.tdb.app.dev;

import org.jspecify.annotations.NullMarked;
