package dev.tdb.mysql.message;

/**
 * SSLRequest (client to server): TLS first; who it is comes within it, in a {@link HandshakeResponse41} that begins in the
 * same way.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_ssl_request.html">SSLRequest</a>
 */
public record SSLRequest(int capabilities, int packetBytesMax, int collation) implements LoginRequest {}
