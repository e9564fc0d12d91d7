package dev.tdb.proxy.frontend;

import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.ReadGate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one field of a session that moves, {@link #state}, and the one place where it does. Bytes and events are given to
 * it one after the other; what it declares, whether the client is read and how long it may last, is enforced here; and
 * here a connection ends whose peer broke its protocol, or by a bug. Belongs to the session's event loop.
 */
final class SessionMachine {
    private static final Logger log = LoggerFactory.getLogger(SessionMachine.class);

    private final int number;
    private final ClientConnection client;
    private final SessionActions actions;
    private final ArrayDeque<FrontendEvent> pending = new ArrayDeque<>();
    private FrontendState state;
    private boolean stepping;
    private @Nullable Future<?> deadline;

    SessionMachine(int number, ClientConnection client, SessionActions actions, FrontendState first) {
        this.number = number;
        this.client = client;
        this.actions = actions;
        this.state = first;
    }

    /** The time of the first state begins. */
    void start() {
        arm(state);
    }

    FrontendState state() {
        return state;
    }

    boolean isGreeting() {
        return state instanceof Greeting;
    }

    boolean isClosed() {
        return state instanceof Closed;
    }

    // ---- what happens

    /** Owns {@code bytes}. Nothing is flushed: more may have been read. */
    void onClient(ByteBuf bytes) {
        step(() -> become(state.onClient(bytes, actions)));
    }

    /** Owns {@code bytes}. Nothing is flushed: more may have been read. */
    void onServer(ByteBuf bytes) {
        step(() -> become(state.onServer(bytes, actions)));
    }

    /** Something happened. While a step is under way it waits for its end. */
    void fire(FrontendEvent event) {
        if (stepping) {
            pending.add(event);
            return;
        }
        step(() -> become(state.onEvent(event, actions)));
        actions.flush();
    }

    /** What a conversation waited for outside its link has come, with {@code task}: its unit may be over. */
    void resume(Runnable task) {
        step(() -> {
            task.run();
            if (state.isInFlight()) {
                become(state.onServer(Unpooled.EMPTY_BUFFER, actions));
            }
        });
        actions.flush();
    }

    /** What one callback leads to. */
    interface Step {
        void run();
    }

    /** Runs what may fire events, and then those. */
    void step(Step step) {
        stepping = true;
        try {
            attempt(step);
            for (FrontendEvent event = pending.poll(); event != null; event = pending.poll()) {
                FrontendEvent next = event;
                attempt(() -> become(state.onEvent(next, actions)));
            }
        } finally {
            stepping = false;
        }
    }

    // ---- moves

    /** The one place where the state changes. A state that stays answers itself, not its equal. */
    @SuppressWarnings("ReferenceEquality")
    private void become(FrontendState next) {
        FrontendState was = state;
        if (next == was || was instanceof Closed) {
            enforceReading();
            return;
        }
        state = next;
        disarm();
        arm(next);
        enforceReading();
        actions.moved(next);
        if (was instanceof Greeting && !(next instanceof Closed)) {
            afterGreeting();
        }
    }

    /** What came behind the login is the session's. */
    private void afterGreeting() {
        ByteBuf rest = actions.takeHandshakeRest();
        if (rest.isReadable()) {
            become(state.onClient(rest, actions));
        } else {
            rest.release();
        }
    }

    /** Opens or shuts the client as the state says; asked again when the client's own readiness changed. */
    void enforceReading() {
        // Who does not take the proxy's own answers is not asked for more questions.
        boolean answered = state.answersClient() || actions.answersClient();
        if (state.readsClient() && (client.isWritable() || !answered)) {
            client.readGate().open(ReadGate.Reason.STATE);
        } else {
            client.readGate().shut(ReadGate.Reason.STATE);
        }
    }

    private void arm(FrontendState next) {
        Optional<Duration> patience = next.deadline(System.nanoTime());
        if (patience.isPresent()) {
            deadline = client.channel()
                    .eventLoop()
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

    // ---- bad ends

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
        } catch (Throwable bug) {
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
        } catch (Throwable bug) {
            failed(bug);
        }
        actions.flush();
    }

    /** Also of an Error, such as a stack that overflows: a session that hung would stand in the way of every flip. */
    private void failed(Throwable bug) {
        try {
            log.atError()
                    .addKeyValue("conn", number)
                    .addKeyValue("tenant", actions.database())
                    .addKeyValue("state", state.word())
                    .setCause(bug)
                    .log("bug: the connection is closed");
        } finally {
            abandon();
        }
    }

    /** Closes both sides without a word. */
    private void abandon() {
        actions.dropLink();
        state.abandon();
        become(actions.close());
    }
}
