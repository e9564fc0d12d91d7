/** One gate for each route: may a unit of work go now? */
@NullMarked
package dev.tdb.proxy.hold;

import org.jspecify.annotations.NullMarked;
