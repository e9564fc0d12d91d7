package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.LinkUser;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.hold.Holdable;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.ReadGate;
import dev.tdb.proxy.route.Route;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection: a handler with one field that moves, {@link #state}. Netty's callbacks and the gate only turn
 * into bytes or an event for it; what it may do to the world is {@link SessionActions}. Belongs to its event loop.
 */
public final class FrontendSession extends ChannelInboundHandlerAdapter implements LinkUser, Holdable {
    private static final Logger log = LoggerFactory.getLogger(FrontendSession.class);
    private static final int HANDSHAKE_BYTES_MAX = 64 << 10;

    private final ProtocolNode node;
    private final Channel channel;
    private final ReadGate readGate;
    private final ClientHandshake handshake;
    private final Reception reception;
    private final SessionActions actions;
    private final int number;
    private final Instant since = Instant.now();
    private final ArrayDeque<FrontendEvent> pending = new ArrayDeque<>();
    private FrontendState state;
    private ByteBuf kept = Unpooled.EMPTY_BUFFER;
    private boolean connected;
    private boolean stepping;
    private boolean clientDirty;
    private @Nullable Future<?> deadline;

    /** @param full what everybody is told who connects now; empty while there is room */
    public FrontendSession(
            Channel channel,
            InetSocketAddress address,
            ProtocolNode node,
            FrontendLoop loop,
            ClientTls tls,
            Optional<Refusal> full) {
        this.node = node;
        this.channel = channel;
        this.readGate = new ReadGate(channel.config());
        this.number = node.sessions().add(this);
        this.reception = new Reception(this, node, tls, address, full);
        this.handshake = node.protocol().greet(reception);
        this.actions = new SessionActions(this, node, loop);
        this.state = new Greeting(handshake, node.times().login());
    }

    int number() {
        return number;
    }

    Channel channel() {
        return channel;
    }

    ReadGate readGate() {
        return readGate;
    }

    // ---- what Netty tells

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        arm(state);
        if (channel.isActive()) {
            connected();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        connected();
    }

    /** Netty may tell twice: a channel that is active already when the handler comes is so announced all the same. */
    private void connected() {
        if (connected) {
            return;
        }
        connected = true;
        if (node.protocol().isTlsImplicit() && reception.isTlsOffered()) {
            reception.implicitTls();
        } else {
            step(handshake::onConnected);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        node.meters().bytesFromClient(bytes.readableBytes());
        step(() -> become(state.onClient(bytes, actions)));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        actions.clientWritable(channel.isWritable());
        enforceReading(state);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls) {
            if (!tls.isSuccess()) {
                log.atDebug()
                        .addKeyValue("conn", number)
                        .addKeyValue("error", String.valueOf(tls.cause().getMessage()))
                        .log("TLS failed");
                channel.close();
            } else if (state instanceof Greeting) {
                step(handshake::onTls);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        fire(new FrontendEvent.ClientGone());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            log.atDebug().addKeyValue("conn", number).setCause(cause).log("client connection failed");
        }
        fire(new FrontendEvent.ClientGone());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        kept.release();
        kept = Unpooled.EMPTY_BUFFER;
        fire(new FrontendEvent.ClientGone());
    }

    // ---- what the link tells

    @Override
    public void onServerBytes(ByteBuf bytes) {
        node.meters().bytesFromServer(bytes.readableBytes());
        step(() -> become(state.onServer(bytes, actions)));
    }

    @Override
    public void onServerReadComplete() {
        flush();
    }

    @Override
    public void onServerWritable(boolean writable) {
        if (writable) {
            readGate.open(ReadGate.Reason.PEER_FULL);
        } else {
            readGate.shut(ReadGate.Reason.PEER_FULL);
        }
    }

    @Override
    public void onLinkLost() {
        if (actions.linkLost()) {
            fire(new FrontendEvent.LinkLost());
        }
    }

    // ---- what the gate tells

    @Override
    public boolean isSettled() {
        return state.isSettled();
    }

    @Override
    public boolean isInFlight() {
        return state.isInFlight();
    }

    @Override
    public boolean isParked() {
        return state.isParked();
    }

    @Override
    public long parkedBytes() {
        return state.parkedBytes();
    }

    @Override
    public String unmovableReason() {
        return state instanceof Held held && held.described() instanceof Described.Unmovable(String reason)
                ? reason
                : actions.surveyedReason();
    }

    @Override
    public void holdBegan() {
        fire(new FrontendEvent.HoldBegan());
    }

    @Override
    public void routeSwitched() {
        fire(new FrontendEvent.RouteSwitched());
    }

    @Override
    public void holdEnded() {
        fire(new FrontendEvent.HoldEnded());
    }

    @Override
    public void end(Refusal refusal) {
        fire(new FrontendEvent.EndAsked(refusal));
    }

    @Override
    public void prepare(Route next, Runnable then) {
        actions.prepare(next, then);
    }

    @Override
    public void survey(Runnable then) {
        fire(new FrontendEvent.SurveyAsked(then));
    }

    @Override
    public void hearOut(Runnable then) {
        fire(new FrontendEvent.HearOutAsked(then));
    }

    // ---- what other threads ask

    void cancel(Secret secret, Runnable done) {
        channel.eventLoop().execute(() -> {
            boolean own = actions.isLoggedIn()
                    && actions.conversation()
                            .cancelSecret()
                            .filter(secret::equals)
                            .isPresent();
            if (own) {
                fire(new FrontendEvent.CancelAsked(done));
            } else {
                done.run();
            }
        });
    }

    void endSoon(Refusal refusal) {
        channel.eventLoop().execute(() -> fire(new FrontendEvent.EndAsked(refusal)));
    }

    void endAtSafePointSoon(Refusal refusal) {
        channel.eventLoop().execute(() -> fire(new FrontendEvent.EndAtSafePointAsked(refusal)));
    }

    CompletableFuture<Optional<SessionInfo>> info() {
        CompletableFuture<Optional<SessionInfo>> info = new CompletableFuture<>();
        try {
            channel.eventLoop()
                    .execute(() -> info.complete(
                            actions.isLoggedIn() && !(state instanceof Closed)
                                    ? Optional.of(actions.info(
                                            number,
                                            reception.clientAddress(),
                                            reception.isTlsActive(),
                                            state.word(),
                                            since))
                                    : Optional.empty()));
        } catch (java.util.concurrent.RejectedExecutionException shutDown) {
            info.complete(Optional.empty());
        }
        return info;
    }

    // ---- the machine

    /** Something happened. While a step is under way it waits for its end. */
    void fire(FrontendEvent event) {
        if (stepping) {
            pending.add(event);
            return;
        }
        step(() -> become(state.onEvent(event, actions)));
        flush();
    }

    private interface Step {
        void run();
    }

    private void step(Step step) {
        stepping = true;
        attempt(step);
        for (FrontendEvent event = pending.poll(); event != null; event = pending.poll()) {
            FrontendEvent next = event;
            attempt(() -> become(state.onEvent(next, actions)));
        }
        stepping = false;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (ProtocolViolation violation) {
            violated(violation);
        } catch (ServerViolation violation) {
            log.atWarn()
                    .addKeyValue("conn", number)
                    .addKeyValue("tenant", actions.database())
                    .addKeyValue("error", violation.getMessage())
                    .log("server broke the protocol");
            abandon();
        } catch (RuntimeException bug) {
            failed(bug);
        }
    }

    private void violated(ProtocolViolation violation) {
        log.atDebug()
                .addKeyValue("conn", number)
                .addKeyValue("state", state.word())
                .addKeyValue("error", violation.what())
                .log("client broke the protocol");
        Refusal refusal = new Refusal.ProtocolViolated(violation.what());
        try {
            become(state.onEvent(new FrontendEvent.EndAsked(refusal), actions));
        } catch (RuntimeException bug) {
            failed(bug);
        }
        flush();
    }

    boolean isClosed() {
        return state instanceof Closed;
    }

    private void failed(RuntimeException bug) {
        log.atError()
                .addKeyValue("conn", number)
                .addKeyValue("tenant", actions.database())
                .addKeyValue("state", state.word())
                .setCause(bug)
                .log("bug: the connection is closed");
        abandon();
    }

    /** Closes both sides without a word. */
    private void abandon() {
        actions.dropCurrentLink();
        state.abandon();
        become(actions.close());
    }

    /** The one place where the state changes. A state that stays answers itself, not its equal. */
    @SuppressWarnings("ReferenceEquality")
    private void become(FrontendState next) {
        FrontendState was = state;
        if (next == was || was instanceof Closed) {
            enforceReading(was);
            return;
        }
        state = next;
        disarm();
        arm(next);
        enforceReading(next);
        actions.moved(next);
        if (next instanceof Closed) {
            node.sessions().remove(number);
        } else if (was instanceof Greeting) {
            afterGreeting();
        }
    }

    /** What came behind the login is the session's. */
    private void afterGreeting() {
        ByteBuf rest = kept;
        kept = Unpooled.EMPTY_BUFFER;
        if (rest.isReadable()) {
            become(state.onClient(rest, actions));
        } else {
            rest.release();
        }
    }

    private void enforceReading(FrontendState next) {
        // Who does not take the proxy's own answers is not asked for more questions.
        if (next.readsClient() && (channel.isWritable() || !next.answersClient())) {
            readGate.open(ReadGate.Reason.STATE);
        } else {
            readGate.shut(ReadGate.Reason.STATE);
        }
    }

    private void arm(FrontendState next) {
        Optional<Duration> patience = next.deadline(System.nanoTime());
        if (patience.isPresent()) {
            deadline = channel.eventLoop()
                    .schedule(
                            () -> fire(new FrontendEvent.DeadlinePassed()),
                            patience.get().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    private void disarm() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    // ---- for the handshake and the actions

    void toHandshake(ByteBuf bytes) {
        kept = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), kept, bytes);
        if (kept.readableBytes() > HANDSHAKE_BYTES_MAX) {
            throw new ProtocolViolation("more than " + HANDSHAKE_BYTES_MAX + " bytes before the login is over");
        }
        handshake.onBytes(kept);
    }

    void startTls(SslHandler handler, ByteBuf already) {
        if (kept.isReadable()) {
            // Plaintext behind the request for TLS would be taken for part of the protected stream.
            already.release();
            throw new ProtocolViolation("unencrypted bytes behind the request for TLS");
        }
        // Right before the session: a PROXY header's decoder may stand in front, and what it hands on is encrypted.
        channel.pipeline().addBefore(channel.pipeline().context(this).name(), "tls", handler);
        if (already.isReadable()) {
            // The bytes were read as plaintext, before TLS was known to be spoken: they go in at the front, now, since
            // more may have been read behind them. A first flight never completes a TLS handshake.
            channel.pipeline().fireChannelRead(already);
            channel.pipeline().fireChannelReadComplete();
        } else {
            already.release();
        }
    }

    void loggedIn(Login login) {
        if (!(state instanceof Greeting)) {
            login.conversation().close();
            return;
        }
        actions.loggedIn(login);
        fire(new FrontendEvent.LoggedIn(login));
    }

    void toClient(ByteBuf bytes) {
        clientDirty = true;
        channel.write(bytes, channel.voidPromise());
    }

    void flushClient() {
        clientDirty = false;
        channel.flush();
    }

    private void flush() {
        if (clientDirty) {
            flushClient();
        }
        actions.flushServer();
    }
}
