package dev.tdb.proxy.frontend;

import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/** What a handshake may do with its connection: the session's side of {@link ClientHandshake.Actions}. */
final class Reception implements ClientHandshake.Actions {
    private final FrontendSession session;
    private final ProtocolNode node;
    private final ClientTls tls;
    private final InetSocketAddress address;
    private final Optional<Refusal> full;
    private Optional<ClientTls.Certificate> certificate = Optional.empty();

    /** @param full what everybody is told who connects now; empty while there is room */
    Reception(
            FrontendSession session,
            ProtocolNode node,
            ClientTls tls,
            InetSocketAddress address,
            Optional<Refusal> full) {
        this.session = session;
        this.node = node;
        this.tls = tls;
        this.address = address;
        this.full = full;
    }

    /** The connection speaks TLS from its first byte. */
    void implicitTls() {
        startTls(io.netty.buffer.Unpooled.EMPTY_BUFFER);
    }

    @Override
    public int sessionNumber() {
        return session.number();
    }

    @Override
    public ByteBufAllocator allocator() {
        return session.channel().alloc();
    }

    @Override
    public void toClient(ByteBuf bytes) {
        session.toClient(bytes);
    }

    @Override
    public QueryEvents queryEvents() {
        return node.events();
    }

    @Override
    public String clientAddress() {
        return address.getHostString() + ":" + address.getPort();
    }

    @Override
    public void send(ByteBuf bytes) {
        session.toClient(bytes);
        session.flushClient();
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
        return address.getAddress() != null && tls.isPlaintextAllowed(address.getAddress());
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
        session.startTls(handler, already);
    }

    @Override
    public Optional<String> applicationProtocol() {
        return Optional.ofNullable(session.channel().pipeline().get(SslHandler.class))
                .map(SslHandler::applicationProtocol);
    }

    @Override
    public Optional<byte[]> tlsServerEndPoint() {
        return certificate.map(ClientTls.Certificate::serverEndPoint);
    }

    @Override
    public CredentialBook credentials() {
        return node.credentials();
    }

    @Override
    public Optional<Refusal> throttled(String user) {
        if (full.isPresent()) {
            return full;
        }
        Optional<Duration> wait = node.throttle().wait(address.getHostString(), user);
        return wait.map(Refusal.RateLimited::new);
    }

    @Override
    public void failed(String user) {
        node.throttle().failed(address.getHostString(), user);
        reject(new Refusal.BadCredentials(user));
    }

    @Override
    public void succeed(Login login) {
        session.loggedIn(login);
    }

    @Override
    public void cancel(int sessionNumber, Secret secret) {
        node.sessions().cancel(sessionNumber, secret, () -> session.channel().close());
    }

    @Override
    public void reject(Refusal refusal) {
        session.fire(new FrontendEvent.EndAsked(refusal));
    }

    @Override
    public void close() {
        session.fire(new FrontendEvent.ClientGone());
    }
}
