package dev.tdb.control.engine;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;

/** How to log in to a server as its administrator. */
public record AdminAccess(ServerAddress address, ServerTls tls, String user, Secret password) {}
