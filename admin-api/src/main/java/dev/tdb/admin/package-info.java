/** The HTTP API over the control plane. */
@NullMarked
package dev.tdb.admin;

import org.jspecify.annotations.NullMarked;
