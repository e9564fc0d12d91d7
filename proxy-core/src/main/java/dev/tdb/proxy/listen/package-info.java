/** Accepting connections: limits, PROXY protocol, TLS. */
@NullMarked
package dev.tdb.proxy.listen;

import org.jspecify.annotations.NullMarked;
