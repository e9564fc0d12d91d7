/** The server's half: links, their login, their warm pool. */
@NullMarked
package dev.tdb.proxy.backend;

import org.jspecify.annotations.NullMarked;
