package dev.tdb.proxy.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.route.RouteKey;

/** Who a client proved to be, and which database it asked for. */
public record Login(Credential credential, RouteKey route, Conversation conversation) {}
