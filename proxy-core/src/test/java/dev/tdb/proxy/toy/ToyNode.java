package dev.tdb.proxy.toy;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientTls;
import dev.tdb.proxy.frontend.SessionTimes;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.listen.AddressRange;
import dev.tdb.proxy.listen.ListenerConfig;
import dev.tdb.proxy.listen.NodeConfig;
import dev.tdb.proxy.listen.ProxyNode;
import dev.tdb.proxy.listen.TlsFiles;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.relay.Transport;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.RouteTable;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.Target;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A proxy node that speaks the toy protocol, with routes that a test sets one by one. */
public final class ToyNode implements AutoCloseable {
    public static final ProjectId PROJECT = new ProjectId("tdb_toy");
    public static final Credential CREDENTIAL = new Credential(
            "key",
            PROJECT,
            new Scope.Blueprint("shop"),
            Role.WRITE,
            CredentialBook.tokenSha256(Secret.of("password")),
            new ScramVerifier(Secret.of("x"), Secret.of("y")),
            Instant.MAX);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProxyNode node;
    private final Map<RouteKey, Route> routes = new LinkedHashMap<>();
    private long version;

    public ToyNode() {
        this(config());
    }

    public ToyNode(NodeConfig config) {
        node = new ProxyNode(config, new QueryEvents(1024), registry, InstantSource.system());
        admit(CREDENTIAL);
    }

    /** From now on these are the ones that let somebody in. */
    public void admit(Credential... credentials) {
        ScramSettings scram = new ScramSettings(Secret.of("0123456789abcdef"), 4096);
        node.publish(new CredentialBook(
                Map.of(PROJECT, new CredentialBook.ProjectCredentials(scram, List.of(credentials))),
                Secret.of("installation")));
    }

    /** A credential of the same key as {@link #CREDENTIAL}. */
    public static Credential credential(String password, Instant expires) {
        return new Credential(
                CREDENTIAL.id(),
                PROJECT,
                CREDENTIAL.scope(),
                CREDENTIAL.role(),
                CredentialBook.tokenSha256(Secret.of(password)),
                CREDENTIAL.scramSha256(),
                expires);
    }

    /** Two loops, so that sessions of one route live on both; times that a test can wait for. */
    public static NodeConfig config() {
        return config(Transport.best());
    }

    public static NodeConfig config(Transport transport) {
        NodeConfig defaults = NodeConfig.defaults();
        Duration second = Duration.ofSeconds(1);
        return new NodeConfig(
                transport,
                2,
                defaults.limits(),
                3,
                new SessionTimes(
                        second.multipliedBy(2),
                        second.multipliedBy(3),
                        second.dividedBy(2),
                        second,
                        Duration.ofMillis(200)),
                defaults.session(),
                defaults.links());
    }

    public ProxyNode node() {
        return node;
    }

    /** The sum of all meters of a name. */
    public double meters(String name) {
        return registry.get(name).meters().stream()
                .mapToDouble(meter -> meter.measure().iterator().next().getValue())
                .sum();
    }

    public double meter(String name) {
        return registry.get(name)
                .meters()
                .iterator()
                .next()
                .measure()
                .iterator()
                .next()
                .getValue();
    }

    public InetSocketAddress listen() {
        return listen(TlsFiles.none(TlsFiles.Plaintext.EVERYBODY), 1_000, List.of());
    }

    public InetSocketAddress listen(ClientTls tls, int connectionsMax, List<AddressRange> proxySources) {
        return listen(new ToyProtocol(false), tls, connectionsMax, proxySources);
    }

    public InetSocketAddress listen(
            ToyProtocol protocol, ClientTls tls, int connectionsMax, List<AddressRange> proxySources) {
        try {
            InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            return node.listen(protocol, new ListenerConfig(any, tls, connectionsMax, proxySources));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static RouteKey key(String database) {
        return new RouteKey(Engine.REDIS, PROJECT, DatabaseName.parse(database).orElseThrow());
    }

    /** A route to {@code server} at {@code epoch}; not published. */
    public static Route route(String database, ToyServer server, long epoch, RouteState state) {
        return route(database, server.port(), epoch, state);
    }

    public static Route route(String database, int port, long epoch, RouteState state) {
        Target target = new Target(
                "host-" + port,
                new ServerAddress("127.0.0.1", port),
                ServerTls.disabled(),
                "db",
                Map.of(Role.WRITE, new BackendLogin("user", Secret.of("secret"))));
        return new Route(key(database), epoch, target, state);
    }

    public ToyNode open(String database, ToyServer server, long epoch) {
        publish(route(database, server, epoch, new RouteState.Open()));
        return this;
    }

    public void publish(Route route) {
        routes.put(route.key(), route);
        publish();
    }

    public void remove(String database) {
        routes.remove(key(database));
        publish();
    }

    private void publish() {
        version++;
        await(node.publish(RouteTable.of(version, routes.values())));
    }

    /** A cutover's hold, which every loop knows of. */
    public Hold hold(String database, Duration patience) {
        Hold hold = node.hold(key(database), new HoldTerms(HoldTerms.Cause.CUTOVER, patience));
        await(hold.acknowledged());
        return hold;
    }

    public static <T> T await(CompletableFuture<T> future) {
        try {
            return future.get(5, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("not done: " + future, e);
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
