/**
 * What sessions did through the proxy and what came of it, and checkers that say whether a database kept its promises:
 * no acknowledged write lost, none twice, none out of order. Every checker takes time linear in the history.
 */
@NullMarked
package dev.tdb.testkit.history;

import org.jspecify.annotations.NullMarked;
