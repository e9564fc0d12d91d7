package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.ServerProtocol;
import dev.tdb.proxy.route.Engine;
import java.util.List;

/** One database protocol, as the data path needs to know it. Stateless; one for all connections. */
public interface WireProtocol {
    Engine engine();

    /** The names this protocol answers to in a TLS handshake's ALPN; empty when it uses none. */
    List<String> applicationProtocols();

    /** Whether clients of a TLS listener speak TLS from their first byte, without asking. */
    boolean isTlsImplicit();

    ClientHandshake greet(ClientHandshake.Actions actions);

    ServerProtocol server();
}
