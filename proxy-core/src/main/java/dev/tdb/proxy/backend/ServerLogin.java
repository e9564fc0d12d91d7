package dev.tdb.proxy.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** One protocol's way to log in on a fresh connection. Belongs to the connection's event loop. */
public interface ServerLogin {
    /** The connection stands. */
    void onConnected();

    /** TLS stands, after {@link Actions#startTls()}. */
    void onTls();

    /** Consumes what is whole; what is left comes again, with more behind it. At most 64 KiB are kept. */
    void onBytes(ByteBuf in);

    /** What a login may do to the world. No action calls back before its caller has returned. */
    interface Actions {
        ByteBufAllocator allocator();

        /** Owns {@code bytes}; writes and flushes. */
        void send(ByteBuf bytes);

        /** Starts the TLS handshake as {@link dev.tdb.proxy.route.ServerTls} demands, then {@link #onTls()}. */
        void startTls();

        /** The hash of the server's certificate for tls-server-end-point (RFC 5929); empty without TLS. */
        Optional<byte[]> tlsServerEndPoint();

        /** Runs {@code work} off the event loop, then {@code then} on it; a failed work fails the login. */
        <T> void offLoop(Callable<T> work, Consumer<T> then);

        /** Logged in; the server is ready for a first command. */
        void succeed(LinkFacts facts);

        void fail(LinkFailure failure);
    }
}
