package dev.tdb.control.host;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;

/**
 * A server to be registered.
 *
 * @param id lower-case letters, digits and hyphens, at most 40; empty to have one made
 * @param adminUser a login that may create databases and roles and end sessions
 */
public record HostSpec(
        String id,
        Engine engine,
        ServerAddress address,
        ServerTls tls,
        String region,
        int level,
        int capacity,
        String adminUser,
        Secret adminPassword) {}
