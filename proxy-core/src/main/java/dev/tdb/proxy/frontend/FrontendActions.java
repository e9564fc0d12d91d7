package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.relay.HeldQueue;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;

/** All that a state may do to the world. No action calls back before its caller has returned. */
interface FrontendActions {
    Conversation conversation();

    SessionTimes times();

    /** The database the client asked for, for messages. */
    String database();

    /** Hands client bytes to the handshake, with what it left before; owns {@code bytes}. */
    void toHandshake(ByteBuf bytes);

    /** {@link Conversation#welcomeUnlinked} with what was last seen of the route. */
    boolean welcomeUnlinked();

    /** The route as it is now; empty when it is no more. */
    Optional<Route> route();

    /** Another one; empty when there is none. */
    Optional<Route> route(RouteKey key);

    /** The session is one of another route from now on, on no link; its conversation has told the client. */
    void depart(Destination destination);

    boolean isHolding();

    /** Whether the route still leads where {@code link} goes: no unit may begin where it led before. */
    boolean isCurrent(Link link);

    /** Whether a unit that is behind another may begin on {@code link} without waiting for the other's end. */
    default boolean mayBegin(Link link) {
        return !isHolding() && isCurrent(link);
    }

    HoldTerms terms();

    /** What a unit is told whose patience ends, after {@code waited}. */
    Refusal holdRefusal(Duration waited);

    HeldQueue newQueue();

    // ---- bytes; all of them own what they are given, and pass nothing on of what is empty

    void toClient(ByteBuf bytes);

    void toServer(Link link, ByteBuf bytes);

    /** {@link Conversation#fromClient}; releases {@code bytes} when it throws. */
    int scanClient(ByteBuf bytes, boolean presentUnitOnly);

    /** {@link Conversation#fromServer}; releases {@code bytes} when it throws. */
    void scanServer(ByteBuf bytes);

    /** {@link Conversation#fromServerWhileHeld}; owns {@code bytes}. */
    void scanServerWhileHeld(ByteBuf bytes);

    /** {@link Conversation#clientMessageRest}; releases {@code bytes} when it throws. */
    int clientMessageRest(ByteBuf bytes);

    // ---- links

    /** Asks for a link on {@code route}; {@link FrontendEvent.LinkOpened} or {@link FrontendEvent.LinkRefused} answers. */
    void lease(Route route, Duration delay);

    /** For a hold: {@link FrontendEvent.DescriptionCame} answers, empty when the server took too long. */
    void describe(Link link);

    /** For who wants to know: the same, but the server may take its time. */
    void survey(Link link);

    /** {@link FrontendEvent.HeardOut} answers. */
    void hearOut(Link link);

    /** {@link FrontendEvent.ReplayCame} answers. */
    void replay(Link link, SessionState state);

    /** Resets the link for the next session, unless the route is held or leads elsewhere: then it is closed. */
    void giveBack(Link link);

    /** Closes the link with the protocol's last word; at a safe point only. */
    void discard(Link link);

    /** Closes the link at once: in the middle of a message a last word would be taken for a part of it. */
    void cut(Link link);

    /** Passes a cancel on to the server. */
    void cancel(Link link, Runnable done);

    // ---- accounts

    /** A safe point is reached again: a unit ended, if anything of the client's was sent on. */
    void unitEnded();

    /** The session goes on after a hold. */
    void resumed(boolean onNewLink);

    /** Units waited this long. */
    void heldFor(long nanos);

    void countRefusal(Refusal refusal);

    long nanoTime();

    // ---- the end

    /** Says the last word, flushes and closes; the caller has seen that no message is half sent. */
    Closed sayAndClose(Refusal refusal);

    /** Flushes what was written and closes. */
    Closed close();
}
