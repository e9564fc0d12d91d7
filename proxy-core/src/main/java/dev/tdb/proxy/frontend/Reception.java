package dev.tdb.proxy.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.KeptBytes;
import dev.tdb.proxy.route.RouteKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A connection before its login: what a handshake may do with it, and the bytes that it left for later. The session's side
 * of {@link ClientHandshake.Actions}.
 */
final class Reception implements ClientHandshake.Actions {
    private static final int HANDSHAKE_BYTES_MAX = 64 << 10;

    private final FrontendSession session;
    private final ProtocolNode node;
    private final FrontendLoop loop;
    private final ClientTls tls;
    private final ClientOrigin origin;
    private final Optional<Refusal> full;
    private Optional<ClientTls.Certificate> certificate = Optional.empty();
    private ByteBuf kept = Unpooled.EMPTY_BUFFER;

    /** @param full what everybody is told who connects now; empty while there is room */
    Reception(
            FrontendSession session,
            ProtocolNode node,
            FrontendLoop loop,
            ClientTls tls,
            ClientOrigin origin,
            Optional<Refusal> full) {
        this.session = session;
        this.node = node;
        this.loop = loop;
        this.tls = tls;
        this.origin = origin;
        this.full = full;
    }

    /** Owns {@code bytes}: the handshake gets them, behind what it has left so far. */
    void onBytes(ByteBuf bytes) {
        kept = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator(), kept, bytes);
        if (kept.readableBytes() > HANDSHAKE_BYTES_MAX) {
            throw new ProtocolViolation("more than " + HANDSHAKE_BYTES_MAX + " bytes before the login is over");
        }
        session.handshake().onBytes(kept);
    }

    /** What the handshake has left; the caller owns it. */
    ByteBuf takeRest() {
        ByteBuf rest = kept;
        kept = Unpooled.EMPTY_BUFFER;
        return rest;
    }

    /** The connection speaks TLS from its first byte. */
    void implicitTls() {
        startTls(Unpooled.EMPTY_BUFFER);
    }

    @Override
    public int sessionNumber() {
        return session.number();
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel().alloc();
    }

    @Override
    public void toClient(ByteBuf bytes) {
        session.client().write(bytes);
    }

    @Override
    public void toServer(ByteBuf bytes) {
        session.actions().toServer(bytes);
    }

    @Override
    public void interrupt(int sessionNumber, Secret secret, boolean ends, Consumer<Boolean> then) {
        node.sessions().interrupt(sessionNumber, secret, ends, own -> session.resumeSoon(() -> then.accept(own)));
    }

    @Override
    public QueryEvents queryEvents() {
        return node.events();
    }

    @Override
    public KeptBytes keptBytes() {
        return loop.keptBytes();
    }

    @Override
    public String clientAddress() {
        return origin.address().getHostString() + ":" + origin.address().getPort();
    }

    @Override
    public void send(ByteBuf bytes) {
        session.client().write(bytes);
        session.client().flush();
    }

    @Override
    public boolean isTlsOffered() {
        return tls.certificate().isPresent();
    }

    @Override
    public boolean isTlsActive() {
        return certificate.isPresent();
    }

    @Override
    public boolean isPlaintextAllowed() {
        return tls.isPlaintextAllowed(origin);
    }

    @Override
    public boolean isCleartextPasswordAsked() {
        return tls.isCleartextPasswordAsked();
    }

    @Override
    public void startTls(ByteBuf already) {
        if (isTlsActive()) {
            already.release();
            throw new ProtocolViolation("TLS was asked for within TLS");
        }
        certificate = tls.certificate();
        SslHandler handler = certificate
                .orElseThrow(() -> new IllegalStateException("TLS without a certificate"))
                .context()
                .newHandler(allocator());
        handler.setHandshakeTimeoutMillis(node.times().login().toMillis());
        startTls(handler, already);
    }

    private void startTls(SslHandler handler, ByteBuf already) {
        if (kept.isReadable()) {
            // Plaintext behind the request for TLS would be taken for part of the protected stream.
            already.release();
            throw new ProtocolViolation("unencrypted bytes behind the request for TLS");
        }
        // Right before the session: a PROXY header's decoder may stand in front, and what it hands on is encrypted.
        ChannelPipeline pipeline = channel().pipeline();
        pipeline.addBefore(pipeline.context(session).name(), "tls", handler);
        if (already.isReadable()) {
            // The bytes were read as plaintext, before TLS was known to be spoken: they go in at the front, now, since
            // more may have been read behind them. A first flight never completes a TLS handshake.
            pipeline.fireChannelRead(already);
            pipeline.fireChannelReadComplete();
        } else {
            already.release();
        }
    }

    @Override
    public void encodeWith(StreamCodec codec) {
        // Right before the session: within TLS.
        ChannelPipeline pipeline = channel().pipeline();
        pipeline.addBefore(pipeline.context(session).name(), "codec", new StreamCodecHandler(codec));
        if (kept.isReadable()) {
            throw new ProtocolViolation("bytes behind a login that says that others will be encoded");
        }
    }

    private Channel channel() {
        return session.client().channel();
    }

    @Override
    public Optional<String> applicationProtocol() {
        return Optional.ofNullable(channel().pipeline().get(SslHandler.class)).map(SslHandler::applicationProtocol);
    }

    @Override
    public Optional<byte[]> tlsServerEndPoint() {
        return certificate.flatMap(ClientTls.Certificate::serverEndPoint);
    }

    @Override
    public CredentialBook credentials() {
        return node.admission().book();
    }

    @Override
    public Optional<RouteKey> anyRoute(Credential credential) {
        return node.routes()
                .anyOf(
                        node.protocol().engine(),
                        credential.project(),
                        name -> credential.scope().covers(name.blueprint(), name.tenant()));
    }

    @Override
    public <T> void offLoop(Supplier<T> work, Consumer<T> then) {
        loop.workers().execute(() -> {
            T result = work.get();
            loop.loop().execute(() -> session.goesOn(() -> then.accept(result)));
        });
    }

    @Override
    public Optional<Refusal> throttled(String user) {
        if (full.isPresent()) {
            return full;
        }
        Optional<Duration> wait = node.throttle().wait(origin.address().getHostString(), user);
        return wait.map(Refusal.RateLimited::new);
    }

    @Override
    public void failed(String user) {
        node.throttle().failed(origin.address().getHostString(), user);
        reject(new Refusal.BadCredentials(user));
    }

    @Override
    public void succeed(Login login) {
        session.loggedIn(login);
    }

    @Override
    public void cancel(int sessionNumber, Secret secret) {
        node.sessions().cancel(sessionNumber, secret, () -> channel().close());
    }

    @Override
    public void reject(Refusal refusal) {
        session.machine().fire(new FrontendEvent.EndAsked(refusal));
    }

    @Override
    public void close() {
        session.machine().fire(new FrontendEvent.ClientGone());
    }
}
