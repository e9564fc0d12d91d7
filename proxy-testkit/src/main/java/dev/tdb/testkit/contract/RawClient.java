package dev.tdb.testkit.contract;

import dev.tdb.testkit.wire.Bytes;
import java.io.IOException;
import java.time.Duration;

/** A client made of bytes. Used by one thread; blocks, for as long as its patience at most. */
public interface RawClient extends AutoCloseable {
    /** How long a client waits for anything before the test fails. */
    Duration PATIENCE = Duration.ofSeconds(15);

    /** Logs in, in as many writes as {@code pace} says. Answers {@link Reply.Done} when it was let in. */
    Reply login(Who who, Pace pace) throws IOException;

    /** Writes exactly these bytes, in one go. */
    void send(Bytes bytes) throws IOException;

    default void send(Unit... units) throws IOException {
        for (Unit unit : units) {
            send(unit.bytes());
        }
    }

    /**
     * Writes for as long as somebody takes it, and stops when nobody took a byte for a second.
     *
     * @return how many bytes were taken
     */
    long sendUntilNobodyTakes(Bytes bytes) throws IOException;

    /** The next reply. @throws java.net.SocketTimeoutException when it does not come in time */
    Reply receive() throws IOException;

    /** Whether nothing can be read for as long. */
    boolean hearsNothing(Duration duration) throws IOException;

    /** Sends and receives. */
    default Reply call(Unit unit) throws IOException {
        send(unit);
        return receive();
    }

    /** Asks, the way the protocol does, that what this client waits for be cancelled; returns when that was heard. */
    void cancel() throws IOException;

    /** As {@link #cancel()}, with a secret that is not this client's. */
    void cancelWithWrongSecret() throws IOException;

    /** Says goodbye, and closes. */
    @Override
    void close() throws IOException;

    /** Is gone without a word. */
    void reset() throws IOException;
}
