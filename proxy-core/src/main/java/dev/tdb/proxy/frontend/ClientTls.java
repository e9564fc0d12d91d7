package dev.tdb.proxy.frontend;

import dev.tdb.proxy.credential.TlsServerEndPoint;
import io.netty.handler.ssl.SslContext;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Our side of TLS with clients, as a listener is configured; the certificate may be replaced while it runs. */
public interface ClientTls {
    /** The certificate in use; empty when the listener has none. */
    Optional<Certificate> certificate();

    /** Whether a client may go on without TLS. */
    boolean isPlaintextAllowed(ClientOrigin client);

    /** Whether the listener asks for the password itself, over TLS or enciphered, where its protocol offers both. */
    boolean isCleartextPasswordAsked();

    /** A context and the hash of its certificate, which belong together. */
    final class Certificate {
        private final SslContext context;
        private final Optional<byte[]> serverEndPoint;

        /** @param certificate the context's own, that clients are shown */
        public Certificate(SslContext context, X509Certificate certificate) {
            this.context = context;
            this.serverEndPoint = TlsServerEndPoint.of(certificate);
        }

        public SslContext context() {
            return context;
        }

        /** The channel binding tls-server-end-point; empty when the certificate has none. */
        public Optional<byte[]> serverEndPoint() {
            return serverEndPoint.map(byte[]::clone);
        }
    }
}
