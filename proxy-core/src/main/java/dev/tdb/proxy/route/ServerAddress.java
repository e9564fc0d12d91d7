package dev.tdb.proxy.route;

/** Where a database server listens. */
public record ServerAddress(String host, int port) {
    public ServerAddress {
        if (host.isBlank() || port < 1 || port > 65535) {
            throw new IllegalArgumentException("server address " + host + ":" + port);
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
