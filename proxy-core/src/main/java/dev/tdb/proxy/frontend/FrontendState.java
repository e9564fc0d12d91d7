package dev.tdb.proxy.frontend;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;

/**
 * What one client connection is doing. A state carries all that is true in it, and nothing else is. It returns its
 * successor; the session enforces what the state declares.
 *
 * <pre>
 *   Greeting ─► Linking ─► (Replaying) ─► Idle ◄──► Relaying ─► Draining ─┐   a hold stands, the unit goes on
 *                  ▲            ▲          │ hold                         │
 *                  │            │          ▼                              ▼
 *                  └────────────┴──────── Held ◄──────────────────── Describing
 *                                          ▲ │ nothing is in flight on any loop, and the session has subscribed
 *                                          │ ▼
 *                                       HearingOut
 *
 *   Departing: the client goes on elsewhere, as Linking there.
 *   Finishing: as Relaying, then a last word.   Ending: the rest of a half sent message, then a last word.   Closed.
 * </pre>
 */
sealed interface FrontendState permits Greeting, Idle, Relaying, Queueing, HearingOut, Ending, Closed {
    /** Owns {@code bytes} of the client. */
    FrontendState onClient(ByteBuf bytes, FrontendActions actions);

    /** Owns {@code bytes} of the server. */
    FrontendState onServer(ByteBuf bytes, FrontendActions actions);

    FrontendState onEvent(FrontendEvent event, FrontendActions actions);

    /** Whether the client is read. */
    default boolean readsClient() {
        return true;
    }

    /** How long it may last from now on; asked when the session enters it. */
    default Optional<Duration> deadline(long nowNanos) {
        return Optional.empty();
    }

    /** Whether nothing is in flight and what the session has built up is known. */
    default boolean isSettled() {
        return false;
    }

    /** Whether a unit has begun and not ended. */
    default boolean isInFlight() {
        return false;
    }

    /** Bytes that wait on hold. */
    default int parkedBytes() {
        return 0;
    }

    /** Whether something of the client waits for a hold to end. */
    default boolean isParked() {
        return false;
    }

    /** Whether the proxy itself answers the client, so that nothing else limits what is written to it. */
    default boolean answersClient() {
        return false;
    }

    /** The session ends by a bug or a broken server: releases what waits, and lets nobody wait for this state. */
    default void abandon() {}

    /** One word for people and logs. */
    String word();
}
