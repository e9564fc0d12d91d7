package dev.tdb.proxy.frontend;

import java.time.Duration;

/**
 * How long a session may be in each state that waits for somebody.
 *
 * @param login for a client to prove who it is
 * @param link for a server to be reached and logged in to, retries of a move included
 * @param describe for a server to say what a session has built up, or to be heard out
 * @param lastUnit for a unit that is under way when the session's credential ends
 * @param lastWord for the rest of a half sent message, before a session is ended without a word
 */
public record SessionTimes(Duration login, Duration link, Duration describe, Duration lastUnit, Duration lastWord) {
    public static SessionTimes defaults() {
        return new SessionTimes(
                Duration.ofSeconds(15),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1));
    }

    /** How long a server may take to say the same while a hold stands, which has a deadline of its own. */
    Duration describeHeld() {
        return describe.multipliedBy(6);
    }

    /** How long a client may take over what was written when its session ended. */
    Duration linger() {
        return lastWord.multipliedBy(10);
    }
}
