package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;

/** Whether a session on hold still has a link. */
sealed interface Footing {
    record On(Link link) implements Footing {}

    /** None: it will get one when it goes on. */
    record Off() implements Footing {}
}
