/**
 * What every protocol owes a client, written once: interfaces with default tests. A protocol's test implements them all
 * and supplies a {@link dev.tdb.testkit.contract.Dialect} and two real servers; {@link dev.tdb.testkit.contract.Rig} is
 * the first file to read.
 */
@NullMarked
package dev.tdb.testkit.contract;

import org.jspecify.annotations.NullMarked;
