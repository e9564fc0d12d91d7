/** The control plane put together: settings in, services out. */
@NullMarked
package dev.tdb.control.plane;

import org.jspecify.annotations.NullMarked;
