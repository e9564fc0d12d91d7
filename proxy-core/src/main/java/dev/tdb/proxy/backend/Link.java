package dev.tdb.proxy.backend;

import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.relay.ReadGate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One logged-in connection to a server. At any time it is idle in the pool, lent to one session, or asked something by
 * the proxy itself. Belongs to its event loop.
 *
 * <pre>
 *   Idle ──lendTo──► Lent ──ask──► Asked ──answer──► Lent        any ──closed──► Lost
 * </pre>
 */
public final class Link extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(Link.class);
    private static final int ANSWER_KEPT_BYTES_MAX = 16 << 20;

    /** What the connection is doing. */
    private sealed interface State {}

    private record Idle() implements State {}

    private record Lent(LinkUser user) implements State {}

    private record Asked<R>(int question, Exchange<R> exchange, Consumer<Optional<R>> then, State before)
            implements State {}

    private record Lost() implements State {}

    private final Channel channel;
    private final LinkSpec spec;
    private final LinkFacts facts;
    private final LinkFacts factsAtLogin;
    private final ReadGate readGate;
    private final long warmUntilNanos;
    private State state = new Idle();
    private ByteBuf kept = Unpooled.EMPTY_BUFFER;
    private ByteBuf unsent = Unpooled.EMPTY_BUFFER;
    /** For the question at hand, from when it is sent. */
    private Optional<Duration> patience = Optional.empty();

    private @Nullable Future<?> deadline;
    private int cancels;
    private int questions;
    private long restsSinceNanos;
    private boolean cancelled;
    private boolean userFull;

    /** @param warmUntilNanos from when on it is too old to be kept for another session */
    Link(Channel channel, LinkSpec spec, LinkFacts facts, long warmUntilNanos) {
        this.channel = channel;
        this.warmUntilNanos = warmUntilNanos;
        this.spec = spec;
        this.facts = facts;
        this.factsAtLogin = facts.snapshot();
        this.readGate = new ReadGate(channel.config());
    }

    public LinkSpec spec() {
        return spec;
    }

    /** The epoch of the route it was opened for. */
    public long epoch() {
        return spec.route().epoch();
    }

    public LinkFacts facts() {
        return facts;
    }

    /** As the server was before any session changed it. */
    public LinkFacts factsAtLogin() {
        return factsAtLogin;
    }

    public boolean isLost() {
        return state instanceof Lost;
    }

    public boolean isWritable() {
        return channel.isWritable();
    }

    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    /** Nobody's, until it is lent again. */
    void rest(long nowNanos) {
        if (!(state instanceof Lost)) {
            state = new Idle();
            restsSinceNanos = nowNanos;
            userTakes(true);
        }
    }

    /** How long it may be kept from now on, if it may rest for {@code patienceNanos}; not above 0 when it is too old. */
    long warmNanos(long nowNanos, long patienceNanos) {
        return Math.min(warmUntilNanos - nowNanos, patienceNanos - (nowNanos - restsSinceNanos));
    }

    boolean isTooOld(long nowNanos) {
        return warmUntilNanos - nowNanos <= 0;
    }

    /** From now on the server's bytes are {@code user}'s. */
    public void lendTo(LinkUser user) {
        if (!(state instanceof Lost)) {
            state = new Lent(user);
        }
    }

    /** Whether its user takes more of the server's bytes. What the proxy itself asked is read in any case. */
    public void userTakes(boolean more) {
        userFull = !more;
        enforceReading();
    }

    private void enforceReading() {
        if (userFull && state instanceof Lent) {
            readGate.shut(ReadGate.Reason.PEER_FULL);
        } else {
            readGate.open(ReadGate.Reason.PEER_FULL);
        }
    }

    /** Owns {@code bytes}, whatever becomes of them. */
    public void write(ByteBuf bytes) {
        channel.write(bytes, channel.voidPromise());
    }

    public void flush() {
        channel.flush();
    }

    /**
     * Asks the server something of the proxy's own. {@code then} gets the answer, or nothing when it did not come in time
     * or the link was lost; then the link is closed and its user is not told in another way. A cancel that is on its way
     * was not meant for this question, which waits until it has arrived; its time begins then.
     */
    public <R> void ask(Exchange<R> exchange, Duration patience, Consumer<Optional<R>> then) {
        ask(exchange, Optional.of(patience), then);
    }

    /** The same, but the server may take as long as the link lives. */
    public <R> void ask(Exchange<R> exchange, Consumer<Optional<R>> then) {
        ask(exchange, Optional.empty(), then);
    }

    private <R> void ask(Exchange<R> exchange, Optional<Duration> patienceOrNone, Consumer<Optional<R>> then) {
        if (state instanceof Lost) {
            channel.eventLoop().execute(() -> then.accept(Optional.empty()));
            return;
        }
        questions++;
        state = new Asked<>(questions, exchange, then, state);
        patience = patienceOrNone;
        enforceReading();
        ByteBuf request = exchange.request(channel.alloc());
        if (!request.isReadable()) {
            request.release();
            channel.eventLoop().execute(() -> answer(Unpooled.EMPTY_BUFFER));
        } else if (cancels > 0) {
            unsent = request;
        } else {
            sendQuestion(request);
        }
    }

    private void sendQuestion(ByteBuf request) {
        channel.writeAndFlush(request, channel.voidPromise());
        int question = questions;
        patience.ifPresent(time -> deadline =
                channel.eventLoop().schedule(() -> unanswered(question), time.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void disarm() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** Whether somebody cancels what it does, or has: a cancel may still hit, so nobody else may get this link. */
    public boolean isInDoubt() {
        return cancels > 0 || cancelled;
    }

    public boolean hasCancelInFlight() {
        return cancels > 0;
    }

    void cancelBegan() {
        cancels++;
        cancelled = true;
    }

    void cancelEnded() {
        cancels--;
        if (cancels == 0 && unsent.isReadable()) {
            ByteBuf request = unsent;
            unsent = Unpooled.EMPTY_BUFFER;
            sendQuestion(request);
        }
    }

    /** Closes without telling the user. */
    public void close() {
        close(Unpooled.EMPTY_BUFFER);
    }

    /** Closes after a last word, without telling the user: not even of a failure to say it. */
    void close(ByteBuf farewell) {
        if (state instanceof Lost) {
            farewell.release();
            return;
        }
        state = new Lost();
        dropKept();
        disarm();
        if (farewell.isReadable()) {
            channel.writeAndFlush(farewell, channel.voidPromise());
        } else {
            farewell.release();
        }
        channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        switch (state) {
            case Lent(LinkUser user) -> user.onServerBytes(bytes);
            case Asked<?> _ -> answer(bytes);
            case Idle() -> {
                // A warm link has nothing to say but that it ends; whatever it is, the link is not as good as new.
                bytes.release();
                close();
            }
            case Lost() -> bytes.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (state instanceof Lent(LinkUser user)) {
            user.onServerReadComplete();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (state instanceof Lent(LinkUser user)) {
            user.onServerWritable(channel.isWritable());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lost();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            log.atWarn()
                    .addKeyValue("server", spec.target().address())
                    .setCause(cause)
                    .log("link failed");
        }
        lost();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        dropKept();
    }

    private void lost() {
        State was = state;
        if (was instanceof Lost) {
            return;
        }
        state = new Lost();
        dropKept();
        disarm();
        channel.close();
        tellLost(was);
    }

    private static void tellLost(State was) {
        switch (was) {
            case Lent(LinkUser user) -> user.onLinkLost();
            case Asked<?> asked -> asked.then.accept(Optional.empty());
            case Idle(), Lost() -> {}
        }
    }

    private void unanswered(int question) {
        if (state instanceof Asked<?> asked && asked.question == question) {
            lost();
        }
    }

    private void answer(ByteBuf bytes) {
        if (!(state instanceof Asked<?> asked)) {
            bytes.release();
            return;
        }
        ByteBuf all = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), kept, bytes);
        kept = Unpooled.EMPTY_BUFFER;
        try {
            proceed(asked, all);
        } catch (ProtocolViolation violation) {
            log.atWarn()
                    .addKeyValue("server", spec.target().address())
                    .addKeyValue("error", violation.getMessage())
                    .log("server broke the protocol");
            lost();
        }
    }

    private <R> void proceed(Asked<R> asked, ByteBuf all) {
        Optional<R> result;
        try {
            result = asked.exchange.onBytes(all);
            if (all.readableBytes() > ANSWER_KEPT_BYTES_MAX) {
                throw new ProtocolViolation("an answer of more than " + ANSWER_KEPT_BYTES_MAX + " bytes");
            }
        } catch (RuntimeException e) {
            all.release();
            throw e;
        }
        if (result.isEmpty()) {
            kept = all.discardSomeReadBytes();
            return;
        }
        disarm();
        state = asked.before;
        enforceReading();
        if (state instanceof Lent(LinkUser user)) {
            // What changed meanwhile was not told.
            user.onServerWritable(channel.isWritable());
        }
        asked.then.accept(result);
        passOn(all);
    }

    /** What came behind an answer is the user's, or belongs to what was asked next. */
    private void passOn(ByteBuf rest) {
        if (!rest.isReadable()) {
            rest.release();
        } else if (state instanceof Lent(LinkUser user)) {
            user.onServerBytes(rest);
            user.onServerReadComplete();
        } else {
            answer(rest);
        }
    }

    private void dropKept() {
        kept.release();
        kept = Unpooled.EMPTY_BUFFER;
        unsent.release();
        unsent = Unpooled.EMPTY_BUFFER;
    }
}
