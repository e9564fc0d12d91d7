/** Who may connect, as verifiers; secrets that do not print themselves. */
@NullMarked
package dev.tdb.proxy.credential;

import org.jspecify.annotations.NullMarked;
