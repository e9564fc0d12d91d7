package dev.tdb.testkit.contract;

import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.refusal.Refusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** How one protocol says what the contracts are about. Its servers have a place for traces: numbers, in order. */
public interface Dialect {
    WireProtocol protocol();

    /** What a client reads in {@link Reply.Failed#code()} for a refusal. */
    String code(Refusal refusal);

    /** What a client reads for a server's own "your statement was cancelled". */
    String cancelledCode();

    /** A unit that leaves one trace. */
    Unit trace(int number);

    /**
     * Several units that a client may send without waiting for replies, in all the forms that the protocol has, leaving
     * traces {@code first}, {@code first + 1} and so on.
     */
    List<Unit> pipeline(int first);

    /** A unit that reads a little. */
    Unit ask();

    /** A unit that needs no server, when the protocol has one that is answered on hold. */
    Optional<Unit> ping();

    /** A unit whose reply is at least as long. */
    Unit longReply(int bytes);

    /** A unit whose request is at least as long, and which leaves no trace. */
    Unit longRequest(int bytes);

    /** A unit that goes on until it is cancelled, a minute at most. */
    Unit slow();

    /** Begins a transaction; answered once. */
    Unit begin();

    /** As {@link #trace}, inside a transaction; answered once. */
    Unit traceInTransaction(int number);

    /** Ends it. */
    Unit commit();

    /** Connects, and says nothing yet. */
    RawClient dial(InetSocketAddress proxy) throws IOException;
}
