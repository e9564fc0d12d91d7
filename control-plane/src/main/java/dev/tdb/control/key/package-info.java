/** Keys of the API and passwords of the wire, as verifiers. */
@NullMarked
package dev.tdb.control.key;

import org.jspecify.annotations.NullMarked;
