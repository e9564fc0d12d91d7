package dev.tdb.it;

import dev.tdb.postgres.backend.PostgresLinkFacts;
import dev.tdb.postgres.backend.PostgresServerProtocol;
import dev.tdb.proxy.backend.HostLookup;
import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.backend.LinkLimits;
import dev.tdb.proxy.backend.LinkPool;
import dev.tdb.proxy.backend.LinkRequest;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.LinkUser;
import dev.tdb.proxy.backend.ServerTlsContexts;
import dev.tdb.proxy.observe.Meters;
import dev.tdb.proxy.relay.Transport;
import dev.tdb.proxy.route.Engine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A pool of links to real PostgreSQL servers, used from a test's thread. */
final class ServerLinks implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, Transport.best().ioHandler());
    private final EventLoop loop = group.next();
    private final ExecutorService workers = Executors.newSingleThreadExecutor();
    private final HostLookup hosts =
            new HostLookup(InetAddress::getByName, Thread.ofPlatform().daemon().factory());
    private final List<Link> all = new ArrayList<>(); // the loop's
    private final LinkPool pool = new LinkPool(
            loop,
            new PostgresServerProtocol(),
            new ServerTlsContexts(List.of()),
            workers,
            hosts,
            Transport.best(),
            LinkLimits.defaults(),
            new Meters(new SimpleMeterRegistry(), Engine.POSTGRES));

    /** What came of asking for a link. */
    sealed interface Outcome {
        record Opened(Leased link) implements Outcome {}

        record Failed(LinkFailure failure) implements Outcome {}
    }

    /** A link that is lent to a test, which asks it things in text. */
    final class Leased implements LinkUser {
        private final Link link;
        private StringBuilder reply = new StringBuilder();
        private CompletableFuture<String> answer = new CompletableFuture<>();

        private Leased(Link link) {
            this.link = link;
        }

        PostgresLinkFacts facts() {
            return (PostgresLinkFacts) link.facts();
        }

        /** All the bytes that answer one simple query, read as text. */
        String ask(String sql) throws Exception {
            return begin(sql).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        CompletableFuture<String> begin(String sql) {
            CompletableFuture<String> next = new CompletableFuture<>();
            loop.execute(() -> {
                reply = new StringBuilder();
                answer = next;
                byte[] text = sql.getBytes(StandardCharsets.UTF_8);
                ByteBuf query = link.allocator().buffer();
                query.writeByte('Q')
                        .writeInt(4 + text.length + 1)
                        .writeBytes(text)
                        .writeByte(0);
                link.write(query);
                link.flush();
            });
            return next;
        }

        void cancel() throws Exception {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            loop.execute(() -> pool.cancel(link, () -> done.complete(true)));
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        void giveBack() {
            loop.execute(() -> pool.giveBack(link));
        }

        @Override
        public void onServerBytes(ByteBuf bytes) {
            reply.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
            String text = reply.toString();
            if (text.length() >= 6 && text.startsWith("Z\0\0\0\5", text.length() - 6)) {
                answer.complete(text);
            }
        }

        @Override
        public void onServerReadComplete() {}

        @Override
        public void onServerWritable(boolean writable) {}

        @Override
        public void onLinkLost() {
            answer.completeExceptionally(new IllegalStateException("link lost"));
        }
    }

    Outcome lease(LinkSpec spec) throws Exception {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        loop.execute(() -> pool.lease(spec, new LinkRequest() {
            @Override
            public void onLink(Link link) {
                Leased leased = new Leased(link);
                all.add(link);
                link.lendTo(leased);
                outcome.complete(new Outcome.Opened(leased));
            }

            @Override
            public void onFailure(LinkFailure failure) {
                outcome.complete(new Outcome.Failed(failure));
            }
        }));
        return outcome.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    Leased open(LinkSpec spec) throws Exception {
        return switch (lease(spec)) {
            case Outcome.Opened(Leased link) -> link;
            case Outcome.Failed(LinkFailure failure) -> throw new AssertionError(failure.reason());
        };
    }

    LinkFailure refused(LinkSpec spec) throws Exception {
        return switch (lease(spec)) {
            case Outcome.Opened _ -> throw new AssertionError("a link was opened");
            case Outcome.Failed(LinkFailure failure) -> failure;
        };
    }

    @Override
    public void close() {
        loop.submit(() -> {
                    pool.close();
                    all.forEach(pool::discard);
                })
                .syncUninterruptibly();
        group.shutdownGracefully(100, 5_000, TimeUnit.MILLISECONDS).syncUninterruptibly();
        workers.shutdownNow();
        hosts.close();
    }
}
