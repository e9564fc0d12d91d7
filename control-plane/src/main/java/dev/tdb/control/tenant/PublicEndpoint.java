package dev.tdb.control.tenant;

/** Where clients reach a listener of the proxy, as it is printed into connection strings. */
public record PublicEndpoint(String host, int port, boolean tls) {}
