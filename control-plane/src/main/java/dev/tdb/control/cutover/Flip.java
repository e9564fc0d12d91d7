package dev.tdb.control.cutover;

import dev.tdb.control.operation.Journal;
import dev.tdb.control.store.RouteRows;

/**
 * One flip that was begun.
 *
 * @param operation its id in the journal
 * @param route as it is before; nothing else changes it while the operation runs
 * @param to where it shall lead
 */
record Flip(String operation, Journal.Subject subject, RouteRows.Row route, RouteRows.Place to, FlipRequest request) {}
