/** The control plane's own "no", in the words of the API. */
@NullMarked
package dev.tdb.control;

import org.jspecify.annotations.NullMarked;
