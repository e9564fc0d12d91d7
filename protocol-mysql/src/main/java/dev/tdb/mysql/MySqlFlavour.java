package dev.tdb.mysql;

import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.Capabilities;

/**
 * Which product a listener's clients take us for. The server speaks first in this protocol, before it is known where the
 * client wants to go; drivers choose their words by the version they read there, so that it should be that of the servers.
 */
public enum MySqlFlavour {
    MARIADB("11.4.5-MariaDB", AuthPlugin.NATIVE, 0),
    MYSQL("8.0.31", AuthPlugin.CACHING_SHA2, Capabilities.ZSTD_COMPRESSION_ALGORITHM | Capabilities.QUERY_ATTRIBUTES);

    private final String version;
    private final String authPlugin;
    private final int capabilities;

    MySqlFlavour(String version, String authPlugin, int capabilities) {
        this.version = version;
        this.authPlugin = authPlugin;
        this.capabilities = capabilities;
    }

    /** The product that a server's version names. */
    public static MySqlFlavour of(String version) {
        return version.contains("MariaDB") ? MARIADB : MYSQL;
    }

    public String version() {
        return version;
    }

    /** The way to prove a password that clients are asked for first. */
    public String authPlugin() {
        return authPlugin;
    }

    /** What only this product offers. */
    public int capabilities() {
        return capabilities;
    }
}
