/** What the control plane needs from a database product. */
@NullMarked
package dev.tdb.control.engine;

import org.jspecify.annotations.NullMarked;
