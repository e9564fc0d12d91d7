package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.backend.LinkProfile;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * One logged-in client's talk with its server, as one protocol understands it: where units of work begin and end, which
 * replies are outstanding, what the session has built up. It looks at bytes in place; the session carries them.
 *
 * <p>Belongs to the session's event loop. Whatever it says to the client itself goes through {@link SessionPort}, which
 * the session flushes. Any method that looks at bytes may throw {@link ProtocolViolation}.
 */
public interface Conversation {
    /** What a link for this session must have been logged in with. */
    LinkProfile profile();

    /** What a client must present to cancel this session's unit; empty when the protocol has no such key. */
    Optional<Secret> cancelSecret();

    // ---- login

    /** The login is complete and {@code facts} are those of the link the session starts on: tell the client. */
    void welcome(LinkFacts facts);

    /**
     * The same while the route is on hold and no link can be had.
     *
     * @param lastSeen of another session of the same route, if there was one
     * @return false when the client can be told nothing yet; then nothing was written
     */
    boolean welcomeUnlinked(Optional<LinkFacts> lastSeen);

    // ---- relaying

    /**
     * At a safe point: passes over what means nothing there (in PostgreSQL a late CopyData or a Flush), by moving the
     * reader index. Stops before the first message that does mean something, whole or not.
     */
    void skipAtSafePoint(ByteBuf in);

    /**
     * Looks at client bytes that are about to be forwarded. As a rule the reader index stays; what a protocol must change
     * it consumes, and sends in its place, through {@link SessionPort#toServer}, what comes before the rest.
     *
     * @param presentUnitOnly stop before the first message that may begin another unit
     * @return how many bytes to forward, from the reader index on; what is behind them was not looked at
     */
    int fromClient(ByteBuf in, boolean presentUnitOnly);

    /**
     * Looks at server bytes that are about to be forwarded, all of them. As a rule the reader index stays; what a protocol
     * must change it consumes, and sends in its place, through {@link SessionPort#toClient}, what comes before the rest.
     * Query events of what ended are emitted. Without bytes: only the proxy's own answers may be due.
     */
    void fromServer(ByteBuf in);

    /** Between units of work, with every reply seen, and between messages in both directions. */
    boolean atSafePoint();

    /** The client said goodbye; nothing comes from it any more. */
    boolean isLeaving();

    /** As many replies are outstanding as may be: reading the client should wait. */
    boolean isPipelineFull();

    /**
     * Whether the proxy itself may have an answer to anything that the client sends: then nothing else limits what is
     * written to it, and a client that takes nothing is not read, either.
     */
    default boolean answersClient() {
        return false;
    }

    /** Whether a message to the client is half sent, so that nothing of ours may be put in. */
    boolean isClientMessageOpen();

    /**
     * Whether it would be a safe point but for a message to the client, half sent, that nobody asked for. Nothing may
     * begin before the rest has come: what the client is told then, or where it is sent, is decided at safe points.
     */
    default boolean isInterrupted() {
        return false;
    }

    /** How many of the server's bytes complete the half sent message; all of {@code in} at most. */
    int clientMessageRest(ByteBuf in);

    /** How long the unit that is about to begin was held, in nanoseconds: for its query event. */
    void heldFor(long nanos);

    // ---- held and refused

    /**
     * On hold, with nothing waiting: answers and consumes what needs no server, the rest of a unit that was refused in
     * part included. Stops before the first message that
     * does, whole or not.
     */
    void answerHeld(ByteBuf in);

    /**
     * Refuses the units in {@code in}, consuming all of it: each is answered once, in its order. A refusal that ends the
     * connection is said once and the rest is dropped. So may be one whose answers would be too many; then the client
     * counts as leaving.
     */
    void refuse(ByteBuf in, Refusal refusal);

    /** Whether the unit that was refused is not over yet: what the client sends next belongs to it. */
    boolean isSkipping();

    /** Says a last word outside any unit: the connection ends. The caller has seen that no message is half sent. */
    void farewell(Refusal refusal);

    /** A server's own error to a login, passed on; the connection ends. */
    void reject(ByteBuf nativeError);

    /**
     * On hold, at a safe point, described: the server said something of itself. Passes on what is the client's (a
     * notification, a parameter) and swallows the rest (the end of the old link is not the client's business).
     */
    void fromServerWhileHeld(ByteBuf in);

    // ---- another route

    /**
     * At a safe point: where the client wants to go on, if it said so. It waits for an answer, which {@link #departed} or
     * {@link #stayed} gives; what it sends until then was not looked at.
     */
    default Optional<Destination> destination() {
        return Optional.empty();
    }

    /** The session is one of its destination from now on: {@link #profile()} is for there, and the client is told. */
    default void departed() {
        throw new IllegalStateException("a conversation without a destination");
    }

    /** It stays where it is, and the client is told why. */
    default void stayed(Refusal refusal) {
        throw new IllegalStateException("a conversation without a destination");
    }

    // ---- moving

    /** What the session would be on a server it never was on. */
    SessionState initialState();

    /** At a safe point: asks the server of the link with {@code facts} what the session has built up on it. */
    Exchange<Described> describe(LinkFacts facts);

    /**
     * At a safe point, with subscriptions: asks the server of the link with {@code facts} something that it answers only
     * when all is said that was published before. What comes with the answer, and is the client's, is passed on.
     *
     * @return an exchange whose result is whether the link is as it was
     */
    default Exchange<Boolean> hearOut(LinkFacts facts) {
        throw new IllegalStateException("a protocol without subscriptions");
    }

    /**
     * Builds {@code state} up on a link with {@code facts} that was just logged in with {@link #profile()}.
     *
     * @return an exchange whose result is empty when all stands, or says why the session cannot be had there
     */
    Exchange<Optional<String>> replay(SessionState state, LinkFacts facts);

    /** From now on the session is on a link with {@code facts}: the client is to be told what differs from what it knows. */
    void movedTo(LinkFacts facts);

    /** Whether the session may have left on its link what no reset takes away: nobody else may get it. */
    default boolean leavesTraces() {
        return false;
    }

    /** One word for people: {@code idle}, {@code active}, {@code in transaction}. */
    String activity();

    /** The session is over: emits nothing more, keeps nothing. */
    void close();
}
