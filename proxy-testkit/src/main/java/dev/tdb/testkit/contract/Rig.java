package dev.tdb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientOrigin;
import dev.tdb.proxy.frontend.ClientTls;
import dev.tdb.proxy.frontend.SessionInfo;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.listen.ListenerConfig;
import dev.tdb.proxy.listen.NodeConfig;
import dev.tdb.proxy.listen.ProxyNode;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.RouteTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionFactory;

/**
 * A proxy of its own for one test, between raw clients and two real servers, each behind a {@link
 * dev.tdb.testkit.wire.Hop}: a tenant database is routed to the old one, and can be put on hold and flipped to the new
 * one. A second tenant stays on the old one. Used by the test's thread; closes all it opened.
 */
public final class Rig implements AutoCloseable {
    /** How long anything may take before the test fails. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final Duration POLL = Duration.ofMillis(2);
    private static final ProjectId PROJECT = new ProjectId("tdb_contract");
    private static final Secret PASSWORD = Secret.of("the password of tenant one");
    private static final Secret NEIGHBOUR_PASSWORD = Secret.of("the password of tenant two");
    private static final String BLUEPRINT = "contract";

    private final Dialect dialect;
    private final ProxyNode node;
    private final int warmLinksMax;
    private final InetSocketAddress address;
    private final RigServer oldServer;
    private final RigServer newServer;
    private final RouteKey key;
    private final RouteKey neighbourKey;
    private final List<RawClient> clients = new ArrayList<>();
    private Route route;
    private long version;

    private Rig(Dialect dialect, NodeConfig config, RigServer oldServer, RigServer newServer) throws IOException {
        this.dialect = dialect;
        this.node = new ProxyNode(config, new QueryEvents(1 << 10), new SimpleMeterRegistry(), InstantSource.system());
        this.warmLinksMax = config.links().warmMax() * config.eventLoops();
        this.oldServer = oldServer;
        this.newServer = newServer;
        this.address = node.listen(
                dialect.protocol(),
                new ListenerConfig(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new NoTls(), 100, List.of()));
        this.key = new RouteKey(dialect.protocol().engine(), PROJECT, new DatabaseName(BLUEPRINT, "one"));
        this.neighbourKey = new RouteKey(dialect.protocol().engine(), PROJECT, new DatabaseName(BLUEPRINT, "two"));
        this.route = new Route(key, 1, oldServer.target(), new RouteState.Open());
    }

    /** Small bounds, so that tests reach them: one event loop, short times. */
    public static NodeConfig config() {
        NodeConfig usual = NodeConfig.defaults();
        return new NodeConfig(
                usual.transport(),
                1,
                usual.limits().withHeldBytesMax(4 << 20),
                usual.loginFailuresMax(),
                usual.times(),
                usual.session(),
                usual.links());
    }

    static Rig start(Dialect dialect, Site oldSite, Site newSite, NodeConfig config) {
        oldSite.clear();
        newSite.clear();
        try {
            Rig rig = new Rig(dialect, config, RigServer.of("old", oldSite), RigServer.of("new", newSite));
            rig.node.publish(Passwords.book(
                    PROJECT,
                    List.of(
                            Passwords.credential("key-one", PROJECT, new Scope.Tenant("one"), Role.WRITE, PASSWORD),
                            Passwords.credential(
                                    "key-two", PROJECT, new Scope.Tenant("two"), Role.WRITE, NEIGHBOUR_PASSWORD))));
            rig.publish();
            return rig;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    // ---- who takes part

    public Dialect dialect() {
        return dialect;
    }

    public RigServer oldServer() {
        return oldServer;
    }

    public RigServer newServer() {
        return newServer;
    }

    public ProxyNode node() {
        return node;
    }

    public RouteKey key() {
        return key;
    }

    public String database() {
        return key.database().toString();
    }

    /** What the tenant's clients log in with. */
    public Who who() {
        return new Who(PROJECT.value(), PASSWORD, key.database().toString());
    }

    /** What the clients of the other tenant log in with. */
    public Who neighbour() {
        return new Who(
                PROJECT.value(), NEIGHBOUR_PASSWORD, neighbourKey.database().toString());
    }

    /** Connected, and not a word said. */
    public RawClient dial() throws IOException {
        RawClient client = dialect.dial(address);
        clients.add(client);
        return client;
    }

    /** A new client, let in. */
    public RawClient client() throws IOException {
        return client(who());
    }

    public RawClient client(Who who) throws IOException {
        RawClient client = dial();
        assertThat(client.login(who, Pace.WHOLE)).isInstanceOf(Reply.Done.class);
        return client;
    }

    // ---- routes and holds

    /** A hold that every loop goes by. */
    public Hold hold(Duration patience) {
        Hold hold = node.hold(key, new HoldTerms(HoldTerms.Cause.CUTOVER, patience));
        get(hold.acknowledged());
        return hold;
    }

    public void awaitDrained(Hold hold) {
        get(hold.drained());
    }

    /** Until so many sessions have something waiting on hold. */
    public void awaitParked(Hold hold, int count) {
        patiently().untilAsserted(() -> assertThat(get(hold.status()).held()).isEqualTo(count));
    }

    public Released release(Hold hold) {
        return get(hold.release());
    }

    /** The route leads to {@code server} from now on, one epoch later; the hold's sessions leave the old one. */
    public void switchTo(RigServer server, Hold hold) {
        route = new Route(key, route.epoch() + 1, server.target(), route.state());
        publish();
        get(hold.switched());
    }

    /** The route is in another state from now on. */
    public void enter(RouteState state) {
        route = new Route(key, route.epoch(), route.target(), state);
        publish();
    }

    private void publish() {
        Route neighbour = new Route(neighbourKey, 1, oldServer.target(), new RouteState.Open());
        get(node.publish(RouteTable.of(++version, List.of(route, neighbour))));
    }

    /** How many links may stay open when no client is there. */
    public int warmLinksMax() {
        return warmLinksMax;
    }

    // ---- what is going on

    public List<SessionInfo> sessions() {
        return get(node.sessions());
    }

    /** Until that many clients are connected and let in. */
    public void awaitSessions(int count) {
        patiently().untilAsserted(() -> assertThat(sessions()).hasSize(count));
    }

    /** Until the server itself executes a unit of some client. */
    public void awaitRunning(RigServer server) {
        patiently().untilAsserted(() -> assertThat(server.site().running()).isPositive());
    }

    /** Until a unit of the only client has begun, for the proxy. */
    public void awaitInFlight() {
        patiently()
                .untilAsserted(() ->
                        assertThat(sessions()).extracting(SessionInfo::state).containsAnyOf("active", "draining"));
    }

    /** What a client reads when {@code refusal} is said to it. */
    public Reply.Failed failed(Refusal refusal) {
        return new Reply.Failed(dialect.code(refusal), refusal.sentence(), refusal.endsConnection());
    }

    /** Looks often: most waits are short, and some tests have hundreds. */
    private static ConditionFactory patiently() {
        return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL);
    }

    static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("not done within " + PATIENCE, e);
        }
    }

    @Override
    public void close() throws IOException {
        for (RawClient client : clients) {
            client.reset();
        }
        node.close();
        oldServer.hop().close();
        newServer.hop().close();
    }

    /** Contracts are about what is said, not about how it is enciphered. */
    private record NoTls() implements ClientTls {
        @Override
        public Optional<Certificate> certificate() {
            return Optional.empty();
        }

        @Override
        public boolean isPlaintextAllowed(ClientOrigin client) {
            return true;
        }

        @Override
        public boolean isCleartextPasswordAsked() {
            return false;
        }
    }
}
