package dev.tdb.proxy.frontend;

import static dev.tdb.proxy.frontend.ScriptedConversation.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.backend.BareLinks;
import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldBytes;
import dev.tdb.proxy.relay.HeldQueue;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.toy.Lines;
import dev.tdb.proxy.toy.ToyNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Does nothing, and remembers in order what it was asked to do. Owns the bytes it is given, as the real one does: when a
 * test is over and what waits is cleared, every buffer that it made must have been released, once.
 */
final class RecordingActions implements FrontendActions, AfterEachCallback {
    static final String DB = "shop__acme";
    static final SessionTimes TIMES = SessionTimes.defaults();
    static final HoldTerms CUTOVER = new HoldTerms(HoldTerms.Cause.CUTOVER, Duration.ofSeconds(30));
    static final HoldTerms IMPATIENT = new HoldTerms(HoldTerms.Cause.CUTOVER, Duration.ZERO);
    static final int QUEUE_BYTES_MAX = 20;
    static final int BUDGET_BYTES = 50;

    private final List<String> done = new ArrayList<>();
    private final List<ByteBuf> made = new ArrayList<>();
    private final List<HeldQueue> queues = new ArrayList<>();
    private final HeldBytes budget = new HeldBytes(BUDGET_BYTES);
    private final ByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

    final ScriptedConversation conversation = new ScriptedConversation(done::add);
    final Link link = BareLinks.to(route(1));
    Optional<Route> route = Optional.of(route(1));
    Optional<Route> elsewhere = Optional.empty();
    boolean holding;
    boolean welcomesUnlinked = true;
    HoldTerms terms = CUTOVER;
    long nowNanos = 1_000_000;
    private Runnable passedOn = () -> {};

    static Route route(long epoch) {
        return ToyNode.route(DB, 6379, epoch, new RouteState.Open());
    }

    /** What was done since this was asked before. */
    List<String> done() {
        List<String> all = List.copyOf(done);
        done.clear();
        return all;
    }

    ByteBuf bytes(String text) {
        ByteBuf bytes = Lines.of(allocator, text);
        made.add(bytes);
        return bytes;
    }

    /** A queue in which {@code texts} wait, the first since now. */
    HeldQueue waiting(String... texts) {
        HeldQueue queue = newQueue();
        for (String text : texts) {
            queue.add(bytes(text), nowNanos);
        }
        return queue;
    }

    void after(Duration time) {
        nowNanos += time.toNanos();
    }

    /** Others keep so much that the node's budget is spent. */
    void spendBudget() {
        waiting("x".repeat(BUDGET_BYTES + 1));
    }

    /** Something to be run, which is then seen to have been. */
    Runnable task(String word) {
        return () -> done.add(word);
    }

    /** The cancel reached the server. */
    void cancelPassedOn() {
        passedOn.run();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        queues.forEach(HeldQueue::clear);
        assertThat(budget.heldBytes()).isZero();
        assertThat(made).allSatisfy(bytes -> assertThat(bytes.refCnt()).isZero());
    }

    // ---- what states ask

    @Override
    public Conversation conversation() {
        return conversation;
    }

    @Override
    public SessionTimes times() {
        return TIMES;
    }

    @Override
    public String database() {
        return DB;
    }

    @Override
    public void toHandshake(ByteBuf bytes) {
        take("toHandshake", bytes);
    }

    @Override
    public boolean welcomeUnlinked() {
        if (welcomesUnlinked) {
            done.add("welcomeUnlinked");
        }
        return welcomesUnlinked;
    }

    @Override
    public Optional<Route> route() {
        return route;
    }

    @Override
    public Optional<Route> route(RouteKey key) {
        return elsewhere.filter(route -> route.key().equals(key));
    }

    @Override
    public void depart(Destination destination) {
        done.add("depart for " + destination.route().database());
        route = elsewhere;
    }

    @Override
    public boolean isHolding() {
        return holding;
    }

    @Override
    public boolean isCurrent(Link link) {
        return route.isPresent() && route.get().epoch() == link.epoch();
    }

    @Override
    public HoldTerms terms() {
        return terms;
    }

    @Override
    public Refusal holdRefusal(Duration waited) {
        return terms.cause() == HoldTerms.Cause.DELETED
                ? new Refusal.Deleted(DB)
                : new Refusal.HoldTimedOut(DB, waited);
    }

    @Override
    public HeldQueue newQueue() {
        HeldQueue queue = new HeldQueue(allocator, budget, QUEUE_BYTES_MAX);
        queues.add(queue);
        return queue;
    }

    @Override
    public void toClient(ByteBuf bytes) {
        take("toClient", bytes);
    }

    @Override
    public void toServer(Link link, ByteBuf bytes) {
        take("toServer" + at(link), bytes);
    }

    private void take(String what, ByteBuf bytes) {
        done.add(what + " " + text(bytes));
        bytes.release();
    }

    @Override
    public int scanClient(ByteBuf bytes, boolean presentUnitOnly) {
        try {
            return conversation.fromClient(bytes, presentUnitOnly);
        } catch (ProtocolViolation violation) {
            bytes.release();
            throw violation;
        }
    }

    @Override
    public void scanServer(ByteBuf bytes) {
        try {
            conversation.fromServer(bytes);
        } catch (ProtocolViolation violation) {
            bytes.release();
            throw new ServerViolation(violation);
        }
    }

    @Override
    public void scanServerWhileHeld(ByteBuf bytes) {
        conversation.fromServerWhileHeld(bytes);
        bytes.release();
    }

    @Override
    public int clientMessageRest(ByteBuf bytes) {
        return conversation.clientMessageRest(bytes);
    }

    @Override
    public void lease(Route route, Duration delay) {
        done.add("lease@" + route.epoch() + " in " + delay.toMillis() + " ms");
    }

    @Override
    public void survey(Link link) {
        done.add("survey" + at(link));
    }

    @Override
    public void describe(Link link) {
        done.add("describe" + at(link));
    }

    @Override
    public void hearOut(Link link) {
        done.add("hearOut" + at(link));
    }

    @Override
    public void replay(Link link, SessionState state) {
        done.add("replay" + at(link) + " " + state);
    }

    @Override
    public void giveBack(Link link) {
        done.add("giveBack" + at(link));
    }

    @Override
    public void discard(Link link) {
        done.add("discard" + at(link));
    }

    @Override
    public void cut(Link link) {
        done.add("cut" + at(link));
    }

    private static String at(Link link) {
        return "@" + link.epoch();
    }

    @Override
    public void cancel(Link link, Runnable done) {
        this.done.add("cancel" + at(link));
        passedOn = done;
    }

    @Override
    public void unitEnded() {
        done.add("unitEnded");
    }

    @Override
    public void resumed(boolean onNewLink) {
        done.add(onNewLink ? "resumed on a new link" : "resumed");
    }

    @Override
    public void heldFor(long nanos) {
        done.add("heldFor " + Duration.ofNanos(nanos).toMillis() + " ms");
    }

    @Override
    public void countRefusal(Refusal refusal) {
        done.add("count " + refusal);
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public Closed sayAndClose(Refusal refusal) {
        done.add("say " + refusal);
        return new Closed();
    }

    @Override
    public Closed close() {
        done.add("close");
        return new Closed();
    }
}
