/** The half towards clients: letting them in, and knowing where their units of work begin and end. */
@NullMarked
package dev.tdb.mysql.frontend;

import org.jspecify.annotations.NullMarked;
