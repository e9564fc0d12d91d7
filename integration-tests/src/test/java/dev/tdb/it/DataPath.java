package dev.tdb.it;

import dev.tdb.postgres.PostgresProtocol;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientTls;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.listen.ListenerConfig;
import dev.tdb.proxy.listen.NodeConfig;
import dev.tdb.proxy.listen.ProxyNode;
import dev.tdb.proxy.listen.TlsFiles;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.RouteTable;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A proxy in this JVM without a control plane: the test itself says where routes lead. Its tenants have one login, of
 * the same name and password as their login at the servers, so that a client cannot tell the proxy from a server.
 */
final class DataPath implements AutoCloseable {
    /** For clients and for servers. */
    static final BackendLogin LOGIN = new BackendLogin("it_app", Secret.of("the one password of the drivers"));

    private static final ProjectId PROJECT = new ProjectId(LOGIN.user());
    private static final ScramSettings SCRAM =
            new ScramSettings(Secret.of("salt of the proxy"), Scram.ITERATIONS_DEFAULT);
    private static final int CLIENTS_MAX = 300;

    /** Of all its databases. */
    static final String BLUEPRINT = "it";

    private final ProxyNode node;
    private final InetSocketAddress address;
    private final Map<RouteKey, Route> routes = new TreeMap<>(java.util.Comparator.comparing(RouteKey::toString));
    private long version;

    DataPath(NodeConfig config, ClientTls tls) throws IOException {
        this.node = new ProxyNode(config, new QueryEvents(1 << 14), new SimpleMeterRegistry(), InstantSource.system());
        this.address = node.listen(
                new PostgresProtocol(),
                new ListenerConfig(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls, CLIENTS_MAX, List.of()));
        Credential credential = new Credential(
                "key-drivers",
                PROJECT,
                new Scope.Blueprint(BLUEPRINT),
                Role.WRITE,
                CredentialBook.tokenSha256(LOGIN.password()),
                Scram.sha256(LOGIN.password(), SCRAM),
                Instant.MAX);
        node.publish(new CredentialBook(
                Map.of(PROJECT, new CredentialBook.ProjectCredentials(SCRAM, List.of(credential))),
                Secret.of("a secret of the proxy")));
    }

    /** Two event loops, so that sessions of one route live on different ones; plaintext. */
    static DataPath start() throws IOException {
        return new DataPath(config(), TlsFiles.none(TlsFiles.Plaintext.LOOPBACK));
    }

    static NodeConfig config() {
        NodeConfig usual = NodeConfig.defaults();
        return new NodeConfig(
                usual.transport(),
                2,
                usual.limits(),
                usual.loginFailuresMax(),
                usual.times(),
                usual.session(),
                usual.links());
    }

    ProxyNode node() {
        return node;
    }

    InetSocketAddress address() {
        return address;
    }

    /** @param database {@code blueprint__tenant} */
    static RouteKey key(String database) {
        return new RouteKey(
                Engine.POSTGRES, PROJECT, DatabaseName.parse(database).orElseThrow());
    }

    /** The tenant database of that name is at {@code place} from now on, one epoch later than before. */
    synchronized CompletableFuture<Void> lead(String database, Place place) {
        RouteKey key = key(database);
        Route before = routes.get(key);
        routes.put(key, new Route(key, before == null ? 1 : before.epoch() + 1, place.target(), new RouteState.Open()));
        version++;
        return node.publish(RouteTable.of(version, routes.values()));
    }

    /** Holds the tenant database of that name. */
    Hold hold(String database, Duration patience) {
        return node.hold(key(database), new HoldTerms(HoldTerms.Cause.CUTOVER, patience));
    }

    @Override
    public void close() {
        node.close();
    }
}
