/** The proxy's own no, and what each protocol calls it. */
@NullMarked
package dev.tdb.proxy.refusal;

import org.jspecify.annotations.NullMarked;
