/** What passed: query events and meters. */
@NullMarked
package dev.tdb.proxy.observe;

import org.jspecify.annotations.NullMarked;
