package dev.tdb.proxy.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.RouteKey;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One protocol's way to let a client in. Belongs to the connection's event loop. */
public interface ClientHandshake {
    /** The connection stands: protocols whose server speaks first speak now. */
    void onConnected();

    /** Consumes what is whole; what is left comes again, with more behind it. At most 64 KiB are kept. */
    void onBytes(ByteBuf in);

    /** TLS stands, after {@link Actions#startTls}. */
    void onTls();

    /** Says why the connection ends, in the client's protocol and phase. */
    void refuse(Refusal refusal);

    /**
     * What a handshake may do to the world. No action calls back before its caller has returned. Where a client may log in
     * anew on its connection its conversation goes on with them, all but {@link #startTls} and {@link #succeed}.
     */
    interface Actions extends SessionPort {
        /** Writes and flushes; owns {@code bytes}. */
        void send(ByteBuf bytes);

        boolean isTlsOffered();

        boolean isTlsActive();

        /** Whether a password may be taken, and a session run, without TLS on this connection. */
        boolean isPlaintextAllowed();

        /** Whether the listener asks for the password itself where a protocol offers it: over TLS, or enciphered. */
        boolean isCleartextPasswordAsked();

        /**
         * TLS from the next byte on, as {@link #onTls()} then tells.
         *
         * @param already bytes of the TLS handshake that were read; owned by the callee; empty where clients wait to be told
         */
        void startTls(ByteBuf already);

        /**
         * What the client sends from now on goes through {@code codec}, and what it is sent. Nothing of it may be here yet.
         */
        void encodeWith(StreamCodec codec);

        /** The protocol that ALPN settled on; empty when the client offered none. */
        Optional<String> applicationProtocol();

        /** The hash of our certificate for tls-server-end-point (RFC 5929); empty without TLS. */
        Optional<byte[]> tlsServerEndPoint();

        CredentialBook credentials();

        /** Some route that {@code credential} reaches: of those that are open, if there are any, the first by name. */
        Optional<RouteKey> anyRoute(Credential credential);

        /** Does what takes too long for the event loop; {@code then} gets the result there, unless the client has left. */
        <T> void offLoop(Supplier<T> work, Consumer<T> then);

        /** Whether this address may try to log in as {@code user}; empty means yes. */
        Optional<Refusal> throttled(String user);

        /** A wrong password: counted, then refused. */
        void failed(String user);

        /** The client is who it says; the session takes over. */
        void succeed(Login login);

        /** Cancels the unit of another session, if the secret is its own; the connection closes when that is done. */
        void cancel(int sessionNumber, Secret secret);

        /** Says the refusal through {@link ClientHandshake#refuse}, counts it, and closes. */
        void reject(Refusal refusal);

        void close();
    }
}
