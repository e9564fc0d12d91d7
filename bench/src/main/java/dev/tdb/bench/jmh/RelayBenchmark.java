package dev.tdb.bench.jmh;

import dev.tdb.bench.datapath.DataPathNode;
import dev.tdb.bench.datapath.Settings;
import dev.tdb.bench.datapath.StaticBook;
import dev.tdb.bench.wire.Endpoint;
import dev.tdb.bench.wire.PostgresClient;
import dev.tdb.bench.wire.PostgresRequests;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.relay.Transport;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A query and its reply over loopback: to a server that only answers, straight and through a whole node. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RelayBenchmark {
    private static final byte[] QUERY =
            PostgresRequests.query("SELECT abalance FROM pgbench_accounts WHERE aid = 123456;");
    private static final byte[] EXECUTE = PostgresRequests.execute("", "123456");
    private static final Secret PASSWORD = Secret.of("measured");

    /** Which way. */
    public enum Through {
        DIRECT,
        EPOLL,
        IO_URING
    }

    @Param
    public Through through = Through.DIRECT;

    private @Nullable StubServer server;
    private @Nullable DataPathNode node;
    private @Nullable PostgresClient client;

    @Setup
    public void open() throws IOException {
        StubServer stub = StubServer.ofPgbench();
        server = stub;
        int port = stub.port();
        if (through != Through.DIRECT) {
            DataPathNode opened = DataPathNode.open(settings(Transport.valueOf(through.name()), port));
            node = opened;
            port = opened.port();
        }
        client = PostgresClient.open(new Endpoint(
                Engine.POSTGRES,
                "127.0.0.1",
                port,
                StaticBook.DATABASE.toString(),
                StaticBook.PROJECT.value(),
                PASSWORD));
    }

    private static Settings settings(Transport transport, int serverPort) {
        return new Settings(
                Engine.POSTGRES,
                transport,
                1,
                true,
                0,
                new ServerAddress("127.0.0.1", serverPort),
                "bench",
                "bench",
                PASSWORD,
                PASSWORD,
                4096);
    }

    @Benchmark
    public long simple() throws IOException {
        return client().exchange(QUERY);
    }

    @Benchmark
    public long extended() throws IOException {
        return client().exchange(EXECUTE);
    }

    private PostgresClient client() {
        if (client == null) {
            throw new IllegalStateException("not open");
        }
        return client;
    }

    @TearDown
    public void close() throws IOException {
        if (client != null) {
            client.close();
        }
        if (node != null) {
            node.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
