/** What has just changed, for whoever listens. */
@NullMarked
package dev.tdb.control.event;

import org.jspecify.annotations.NullMarked;
