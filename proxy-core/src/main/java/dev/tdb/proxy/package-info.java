/** The data path of the proxy, free of any protocol. */
@NullMarked
package dev.tdb.proxy;

import org.jspecify.annotations.NullMarked;
