package dev.tdb.testkit.port;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake;
import dev.tdb.proxy.frontend.Login;
import dev.tdb.proxy.frontend.StreamCodec;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.RouteKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A connection that notes what the handshake does to it, and plays whatever part it is told to. */
public final class RecordingActions implements ClientHandshake.Actions {
    public boolean isTlsOffered = true;
    public boolean isTlsActive;
    public boolean isPlaintextAllowed = true;
    public boolean isCleartextPasswordAsked;
    public Optional<String> applicationProtocol = Optional.empty();
    public Optional<byte[]> endPoint = Optional.empty();
    public CredentialBook book = CredentialBook.empty(Secret.of("mock secret"));
    public Optional<Refusal> throttled = Optional.empty();
    public Optional<RouteKey> anyRoute = Optional.empty();

    public final List<String> events = new ArrayList<>();
    public final List<Login> logins = new ArrayList<>();
    public final List<Refusal> refusals = new ArrayList<>();
    public byte[] alreadyRead = {};
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    /** What was sent since the last call. */
    public ByteBuf takeSent() {
        byte[] bytes = sent.toByteArray();
        sent.reset();
        return Unpooled.wrappedBuffer(bytes);
    }

    @Override
    public void send(ByteBuf bytes) {
        sent.writeBytes(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    @Override
    public boolean isTlsOffered() {
        return isTlsOffered;
    }

    @Override
    public boolean isTlsActive() {
        return isTlsActive;
    }

    @Override
    public boolean isPlaintextAllowed() {
        return isPlaintextAllowed;
    }

    @Override
    public boolean isCleartextPasswordAsked() {
        return isCleartextPasswordAsked;
    }

    @Override
    public void startTls(ByteBuf already) {
        alreadyRead = ByteBufUtil.getBytes(already);
        already.release();
        events.add("startTls");
    }

    @Override
    public void encodeWith(StreamCodec codec) {
        codec.close();
        events.add("encodeWith " + codec.getClass().getSimpleName());
    }

    @Override
    public Optional<String> applicationProtocol() {
        return applicationProtocol;
    }

    @Override
    public Optional<byte[]> tlsServerEndPoint() {
        return endPoint;
    }

    @Override
    public CredentialBook credentials() {
        return book;
    }

    @Override
    public Optional<RouteKey> anyRoute(Credential credential) {
        return anyRoute;
    }

    @Override
    public <T> void offLoop(Supplier<T> work, Consumer<T> then) {
        later.add(() -> then.accept(work.get()));
    }

    /** What was to be done off the event loop is done. */
    public void runLater() {
        for (Runnable next = later.poll(); next != null; next = later.poll()) {
            next.run();
        }
    }

    @Override
    public Optional<Refusal> throttled(String user) {
        return throttled;
    }

    @Override
    public void failed(String user) {
        events.add("failed " + user);
    }

    @Override
    public void succeed(Login login) {
        events.add("succeed");
        logins.add(login);
    }

    @Override
    public void cancel(int sessionNumber, Secret secret) {
        events.add("cancel " + sessionNumber + " " + secret.revealHex());
    }

    @Override
    public void reject(Refusal refusal) {
        events.add("reject " + refusal.label());
        refusals.add(refusal);
    }

    @Override
    public void close() {
        events.add("close");
    }

    @Override
    public int sessionNumber() {
        return 7;
    }

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void toClient(ByteBuf bytes) {
        throw new IllegalStateException("a handshake sends");
    }

    @Override
    public void toServer(ByteBuf bytes) {
        bytes.release();
        throw new IllegalStateException("nothing is sent to a server but what a client sent");
    }

    @Override
    public void interrupt(int number, Secret secret, boolean ends, Consumer<Boolean> then) {
        throw new IllegalStateException("cancels come by a handshake");
    }

    @Override
    public QueryEvents queryEvents() {
        throw new IllegalStateException("a handshake has no queries");
    }

    @Override
    public String clientAddress() {
        return "192.0.2.1:5000";
    }
}
