package dev.tdb.bench.jmh;

import dev.tdb.bench.wire.PostgresRequests;
import dev.tdb.postgres.frontend.PostgresConversation;
import dev.tdb.postgres.frontend.SessionStart;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.Conversation;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a conversation costs for one query and its reply: headers walked in place, the ledger, the query event, the
 * safe point. No sockets. A result of rows is one of 1 MB in reads of 64 KiB that cut messages anywhere.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FramingBenchmark {
    private static final String SQL = "SELECT abalance FROM pgbench_accounts WHERE aid = ";
    private static final int EVENTS_MAX = 1 << 12;
    private static final int READ_BYTES = 64 << 10;

    /** What is sent and answered. */
    public enum Round {
        SIMPLE,
        EXTENDED,
        PREPARED,
        ROWS
    }

    @Param
    public Round round = Round.SIMPLE;

    @Param({"true", "false"})
    public boolean capture = true;

    private QueryEvents events = QueryEvents.off();
    private Conversation conversation = conversation(events);
    private ByteBuf request = Unpooled.EMPTY_BUFFER;
    private List<ByteBuf> replies = List.of();

    @Setup
    public void prepare() {
        events = capture ? new QueryEvents(EVENTS_MAX) : QueryEvents.off();
        conversation = conversation(events);
        pass(
                Unpooled.directBuffer().writeBytes(PostgresRequests.prepare("P0_1", SQL + "$1;")),
                reads(Replies.parsed()));
        request = Unpooled.directBuffer()
                .writeBytes(
                        switch (round) {
                            case SIMPLE, ROWS -> PostgresRequests.query(SQL + "123456;");
                            case EXTENDED -> PostgresRequests.extended(SQL + "$1;", "123456");
                            case PREPARED -> PostgresRequests.execute("P0_1", "123456");
                        });
        replies = reads(
                switch (round) {
                    case SIMPLE -> Replies.simple();
                    case EXTENDED -> Replies.extended();
                    case PREPARED -> Replies.prepared();
                    case ROWS -> Replies.rows(1_000, 1_000);
                });
    }

    @Benchmark
    public boolean queryAndReply() {
        boolean safe = pass(request, replies);
        events.drain(_ -> {}, EVENTS_MAX);
        return safe;
    }

    private boolean pass(ByteBuf sent, List<ByteBuf> received) {
        conversation.skipAtSafePoint(sent);
        int count = conversation.fromClient(sent, false);
        boolean safe = false;
        for (ByteBuf read : received) {
            conversation.fromServer(read);
            safe = conversation.atSafePoint();
        }
        if (!safe || count != sent.readableBytes()) {
            throw new IllegalStateException("no safe point after the reply");
        }
        return safe;
    }

    private static List<ByteBuf> reads(byte[] reply) {
        List<ByteBuf> reads = new ArrayList<>();
        for (int at = 0; at < reply.length; at += READ_BYTES) {
            int count = Math.min(READ_BYTES, reply.length - at);
            reads.add(Unpooled.directBuffer(count).writeBytes(reply, at, count));
        }
        return reads;
    }

    private static Conversation conversation(QueryEvents events) {
        ProjectId project = new ProjectId("tdb_bench");
        RouteKey route = new RouteKey(Engine.POSTGRES, project, new DatabaseName("bench", "one"));
        Secret none = Secret.of(new byte[32]);
        Credential credential = new Credential(
                "key_bench",
                project,
                new Scope.Tenant("one"),
                Role.WRITE,
                CredentialBook.tokenSha256(none),
                new ScramVerifier(none, none),
                Instant.MAX);
        return new PostgresConversation(
                new SilentPort(events), new SessionStart(route, credential, 0, Map.of()), Secret.of(new byte[4]));
    }
}
