package dev.tdb.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.observe.Meters;
import dev.tdb.proxy.relay.Transport;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.Target;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyNode;
import dev.tdb.proxy.toy.ToyServer;
import dev.tdb.proxy.toy.ToyServerProtocol;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Links of one loop, to toy servers. */
@ExtendWith(NoLeaks.class)
final class LinkPoolTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Transport.NIO.ioHandler());
    private final EventLoop loop = group.next();
    private final ExecutorService workers = Executors.newSingleThreadExecutor();
    private final CountDownLatch nameServer = new CountDownLatch(1);
    private final AtomicInteger lookups = new AtomicInteger();
    private final HostLookup hosts =
            new HostLookup(this::resolve, Thread.ofPlatform().daemon().factory());
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ToyServer dead = new ToyServer("dead");
    private final ToyServer live = new ToyServer("live");

    /** {@code silent.test} has a name server that does not answer until it is told to. */
    private InetAddress resolve(String host) throws UnknownHostException {
        lookups.incrementAndGet();
        if (host.equals("silent.test")) {
            try {
                nameServer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        } else if (!host.equals("live.test")) {
            throw new UnknownHostException(host);
        }
        return InetAddress.getLoopbackAddress();
    }

    @AfterEach
    void end() {
        nameServer.countDown();
        dead.close();
        live.close();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        workers.shutdownNow();
        hosts.close();
    }

    private LinkPool pool(Duration dialPatience, int dialsMax, int dialsTotalMax) {
        return pool(new LinkLimits(dialPatience, dialsMax, dialsTotalMax, 16, 256, LONG, LONG));
    }

    private LinkPool poolOfLinksUpTo(Duration warmAgeMax) {
        return pool(new LinkLimits(LONG, 32, 512, 16, 256, LONG, warmAgeMax));
    }

    private LinkPool pool(LinkLimits limits) {
        return new LinkPool(
                loop,
                new ToyServerProtocol(),
                new ServerTlsContexts(List.of()),
                workers,
                hosts,
                Transport.NIO,
                limits,
                new Meters(registry, Engine.REDIS));
    }

    private CompletableFuture<Link> borrow(LinkPool pool) {
        CompletableFuture<Link> link = new CompletableFuture<>();
        loop.execute(() -> pool.lease(spec("127.0.0.1", live.port()), new LinkRequest() {
            @Override
            public void onLink(Link opened) {
                link.complete(opened);
            }

            @Override
            public void onFailure(LinkFailure failure) {
                link.completeExceptionally(new AssertionError(failure.reason()));
            }
        }));
        return link;
    }

    private void giveBack(LinkPool pool, Link link) {
        loop.execute(() -> pool.giveBack(link));
    }

    private double warm() {
        return registry.get("proxy.backend.links.warm").gauge().value();
    }

    /** What comes of asking for a link: it, which is closed at once, or why there is none. */
    private CompletableFuture<String> lease(LinkPool pool, String host, int port) {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        loop.execute(() -> pool.lease(spec(host, port), new LinkRequest() {
            @Override
            public void onLink(Link link) {
                pool.discard(link);
                outcome.complete("link");
            }

            @Override
            public void onFailure(LinkFailure failure) {
                outcome.complete(failure.reason());
            }
        }));
        return outcome;
    }

    private static LinkSpec spec(String host, int port) {
        Target target = new Target(
                "host",
                new ServerAddress(host, port),
                ServerTls.disabled(),
                "db",
                Map.of(Role.WRITE, new BackendLogin("user", Secret.of("secret"))));
        Route route = new Route(ToyNode.key("shop__acme"), 1, target, new RouteState.Open());
        return new LinkSpec(route, new LinkProfile(Role.WRITE, Map.of()));
    }

    @Test
    void aServerThatDoesNotAnswerDelaysNobodyWhoWantsAnother() {
        dead.answerLogins(false);
        LinkPool pool = pool(LONG, 2, 8);
        List<CompletableFuture<String>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(lease(pool, "127.0.0.1", dead.port()));
        }

        CompletableFuture<String> other = lease(pool, "127.0.0.1", live.port());

        assertThat(ToyNode.await(other)).isEqualTo("link");
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void noMoreLoginsAtOnceThanMayReachAServer() {
        live.loginsTake(20);
        LinkPool pool = pool(LONG, 2, 8);
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(lease(pool, "127.0.0.1", live.port()));
        }

        assertThat(all).allSatisfy(one -> assertThat(ToyNode.await(one)).isEqualTo("link"));

        assertThat(live.logins()).isEqualTo(10);
        assertThat(live.loginsUnderWayMax()).isLessThanOrEqualTo(2);
    }

    @Test
    void aNameThatNobodyAnswersForIsGivenUpInTime() {
        LinkPool pool = pool(Duration.ofMillis(100), 2, 8);

        CompletableFuture<String> outcome = lease(pool, "silent.test", live.port());

        assertThat(ToyNode.await(outcome)).isEqualTo("no address of host silent.test within 100 ms");
        nameServer.countDown();
        assertThat(ToyNode.await(lease(pool, "live.test", live.port()))).isEqualTo("link");
        assertThat(live.logins())
                .as("nobody dials for a name that came too late")
                .isEqualTo(1);
    }

    @Test
    void aNameThatNobodyAnswersForDelaysNoOtherAndNoLogin() {
        LinkPool pool = pool(LONG, 32, 512);
        for (int i = 0; i < 20; i++) {
            lease(pool, "silent.test", live.port());
        }

        assertThat(ToyNode.await(lease(pool, "live.test", live.port()))).isEqualTo("link");

        assertThat(lookups).as("one name is asked for once at a time").hasValue(2);
    }

    @Test
    void anUnknownNameIsSaidToBeOne() {
        assertThat(ToyNode.await(lease(pool(LONG, 2, 8), "unknown.test", live.port())))
                .isEqualTo("unknown host unknown.test");
    }

    @Test
    void aLinkThatIsGivenBackIsLentAgain() {
        LinkPool pool = poolOfLinksUpTo(LONG);
        Link link = ToyNode.await(borrow(pool));
        giveBack(pool, link);
        await().until(() -> warm() == 1);

        assertThat(ToyNode.await(borrow(pool))).isSameAs(link);
        assertThat(live.logins()).isEqualTo(1);
    }

    @Test
    void aLinkThatNobodyNeedsYetIsWarmedUpBeforeItIsLent() {
        LinkPool pool = poolOfLinksUpTo(LONG);
        CompletableFuture<Double> warm = new CompletableFuture<>();

        loop.execute(() -> pool.warmUp(spec("127.0.0.1", live.port()), () -> warm.complete(warm())));

        assertThat(ToyNode.await(warm)).isEqualTo(1);
        assertThat(live.resets()).isEqualTo(1);
        ToyNode.await(borrow(pool));
        assertThat(live.logins()).isEqualTo(1);
    }

    @Test
    void aWarmLinkThatGrewOldIsLeftWithALastWord() {
        LinkPool pool = poolOfLinksUpTo(Duration.ofMillis(200));

        giveBack(pool, ToyNode.await(borrow(pool)));

        await().until(() -> live.farewells() == 1);
        assertThat(warm()).isZero();
    }

    @Test
    void aLinkThatGrewOldInUseIsNotKept() {
        LinkPool pool = poolOfLinksUpTo(Duration.ofMillis(1));
        Link link = ToyNode.await(borrow(pool));
        await().until(() -> link.isTooOld(System.nanoTime()));

        giveBack(pool, link);

        await().until(() -> live.farewells() == 1);
        assertThat(warm()).isZero();
    }

    @Test
    void linksThatWereOpenedTogetherDoNotGoTogether() {
        LinkPool pool = poolOfLinksUpTo(LONG);
        long now = System.nanoTime();
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            times.add(ToyNode.await(borrow(pool)).warmNanos(now, Long.MAX_VALUE));
        }

        assertThat(Collections.max(times) - Collections.min(times))
                .isGreaterThan(LONG.dividedBy(100).toNanos());
        assertThat(times)
                .allSatisfy(time -> assertThat(time)
                        .isBetween(
                                LONG.multipliedBy(4).dividedBy(5).toNanos(),
                                LONG.plusSeconds(5).toNanos()));
    }
}
