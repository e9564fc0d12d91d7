package dev.tdb.control.tenant;

/** Where clients reach a listener of the proxy, as it is printed into connection strings. */
public record PublicEndpoint(String host, int port, boolean tls) {
    /** {@code host:port} as a URL has it: an IPv6 address stands in brackets. */
    public String authority() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
