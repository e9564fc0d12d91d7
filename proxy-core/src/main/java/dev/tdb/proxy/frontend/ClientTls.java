package dev.tdb.proxy.frontend;

import io.netty.handler.ssl.SslContext;
import java.util.Optional;

/** Our side of TLS with clients, as a listener is configured; the certificate may be replaced while it runs. */
public interface ClientTls {
    /** The certificate in use; empty when the listener has none. */
    Optional<Certificate> certificate();

    /** Whether a client at {@code address} may go on without TLS. */
    boolean isPlaintextAllowed(java.net.InetAddress address);

    /** Whether the listener asks for the password itself, over TLS, where its protocol offers both. */
    boolean isCleartextPasswordAsked();

    /** A context and the hash of its certificate, which belong together. */
    final class Certificate {
        private final SslContext context;
        private final byte[] serverEndPoint;

        /** @param serverEndPoint the channel binding tls-server-end-point */
        public Certificate(SslContext context, byte[] serverEndPoint) {
            this.context = context;
            this.serverEndPoint = serverEndPoint.clone();
        }

        public SslContext context() {
            return context;
        }

        public byte[] serverEndPoint() {
            return serverEndPoint.clone();
        }
    }
}
