package dev.tdb.proxy.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client connection. What anybody tells it only turns into bytes or an event for its machine; what comes of that is
 * done by its actions. Belongs to its event loop.
 *
 * <pre>
 *   Netty ──► FrontendSession ──┐                                           ┌──► ClientConnection
 *   link  ──► SessionLink ──────┼──► SessionMachine ──► SessionActions ─────┼──► SessionLink
 *   gate  ──► SessionMember ────┘     moves the state    does what it asks  └──► SessionMember
 * </pre>
 *
 * <p>Before the login there are neither link nor member, but a {@link Reception}.
 */
public final class FrontendSession extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(FrontendSession.class);

    private final ProtocolNode node;
    private final ClientConnection client;
    private final Reception reception;
    private final ClientHandshake handshake;
    private final SessionActions actions;
    private final SessionMachine machine;
    private final int number;
    private final Instant since = Instant.now();
    private boolean connected;

    /** @param full what everybody is told who connects now; empty while there is room */
    public FrontendSession(
            Channel channel,
            ClientOrigin origin,
            ProtocolNode node,
            FrontendLoop loop,
            ClientTls tls,
            Optional<Refusal> full) {
        this.node = node;
        this.client = new ClientConnection(channel);
        this.number = node.sessions().add(this);
        this.reception = new Reception(this, node, loop, tls, origin, full);
        this.handshake = node.protocol().greet(reception);
        this.actions = new SessionActions(this, node, loop);
        this.machine = new SessionMachine(
                number, client, actions, new Greeting(handshake, node.times().login()));
    }

    int number() {
        return number;
    }

    ClientConnection client() {
        return client;
    }

    ClientHandshake handshake() {
        return handshake;
    }

    Reception reception() {
        return reception;
    }

    SessionActions actions() {
        return actions;
    }

    SessionMachine machine() {
        return machine;
    }

    // ---- what Netty tells

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        machine.start();
        if (client.channel().isActive()) {
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
            machine.step(handshake::onConnected);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        node.meters().bytesFromClient(bytes.readableBytes());
        machine.onClient(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        actions.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        actions.clientWritable(client.isWritable());
        machine.enforceReading();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent tls) {
            if (!tls.isSuccess()) {
                log.atDebug()
                        .addKeyValue("conn", number)
                        .addKeyValue("error", String.valueOf(tls.cause().getMessage()))
                        .log("TLS failed");
                client.channel().close();
            } else if (machine.isGreeting()) {
                machine.step(handshake::onTls);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        machine.fire(new FrontendEvent.ClientGone());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof ProtocolViolation violation) {
            machine.step(() -> {
                throw violation;
            });
            actions.flush();
            return;
        }
        if (!(cause instanceof IOException)) {
            log.atDebug().addKeyValue("conn", number).setCause(cause).log("client connection failed");
        }
        machine.fire(new FrontendEvent.ClientGone());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        reception.takeRest().release();
        machine.fire(new FrontendEvent.ClientGone());
    }

    // ---- what its handshake tells

    /** What it waited for has come. */
    void goesOn(Runnable task) {
        if (machine.isGreeting()) {
            machine.step(task::run);
            actions.flush();
        } else if (!machine.isClosed()) {
            machine.resume(task);
        }
    }

    void loggedIn(Login login) {
        if (!machine.isGreeting()) {
            login.conversation().close();
            return;
        }
        actions.loggedIn(login);
        machine.fire(new FrontendEvent.LoggedIn(login));
        if (!node.admission().stands(login.credential())) {
            // It ended while the client was proving that it knows it.
            machine.fire(new FrontendEvent.EndAtSafePointAsked(Admission.refusal()));
        }
    }

    // ---- what other threads ask

    void cancel(Secret secret, Runnable done) {
        interrupt(secret, false, _ -> done.run());
    }

    /** Cancels the unit under way, or ends the session, if {@code secret} is its own. */
    void interrupt(Secret secret, boolean ends, Consumer<Boolean> done) {
        client.channel().eventLoop().execute(() -> {
            boolean own = actions.isLoggedIn()
                    && actions.conversation()
                            .cancelSecret()
                            .filter(secret::equals)
                            .isPresent();
            if (!own) {
                done.accept(false);
            } else if (ends) {
                machine.fire(new FrontendEvent.EndAsked(new Refusal.Terminated("killed by another session")));
                done.accept(true);
            } else {
                machine.fire(new FrontendEvent.CancelAsked(() -> done.accept(true)));
            }
        });
    }

    /** What a conversation waited for outside its link has come: its unit may be over. */
    void resumeSoon(Runnable task) {
        client.channel().eventLoop().execute(() -> machine.resume(task));
    }

    void endSoon(Refusal refusal) {
        client.channel().eventLoop().execute(() -> machine.fire(new FrontendEvent.EndAsked(refusal)));
    }

    /** Ends at the next safe point, or when {@code patience} is over, if it got in with one of {@code credentials}. */
    void endSoonIfOf(Set<Credential> credentials, Refusal refusal, Duration patience) {
        EventLoop loop = client.channel().eventLoop();
        loop.execute(() -> {
            if (!actions.isLoggedIn()
                    || !credentials.contains(actions.credential().endless())) {
                return;
            }
            machine.fire(new FrontendEvent.EndAtSafePointAsked(refusal));
            if (!machine.isClosed()) {
                loop.schedule(
                        () -> machine.fire(new FrontendEvent.EndAsked(refusal)),
                        patience.toNanos(),
                        TimeUnit.NANOSECONDS);
            }
        });
    }

    void endAtSafePointSoon(Refusal refusal) {
        client.channel().eventLoop().execute(() -> machine.fire(new FrontendEvent.EndAtSafePointAsked(refusal)));
    }

    CompletableFuture<Optional<SessionInfo>> info() {
        CompletableFuture<Optional<SessionInfo>> info = new CompletableFuture<>();
        try {
            client.channel()
                    .eventLoop()
                    .execute(() -> info.complete(
                            actions.isLoggedIn() && !machine.isClosed()
                                    ? Optional.of(actions.info(
                                            number,
                                            reception.clientAddress(),
                                            reception.isTlsActive(),
                                            machine.state().word(),
                                            since))
                                    : Optional.empty()));
        } catch (RejectedExecutionException shutDown) {
            info.complete(Optional.empty());
        }
        return info;
    }
}
