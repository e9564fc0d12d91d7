package dev.tdb.it;

import dev.tdb.local.MySqlServer;
import dev.tdb.mysql.MySqlFlavour;
import dev.tdb.mysql.MySqlProtocol;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientTls;
import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.hold.Released;
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
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.Target;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A proxy in this JVM before MySQL servers that have the same database and the same login, so that a client cannot tell
 * it from them. The route can be flipped between them.
 */
final class MySqlDataPath implements AutoCloseable {
    static final BackendLogin LOGIN = new BackendLogin("it_app", Secret.of("the one password of the drivers"));
    static final String DATABASE = "it__drivers";
    /** Of the same tenant. */
    static final String OTHER_DATABASE = "more__drivers";

    private static final ProjectId PROJECT = new ProjectId(LOGIN.user());
    private static final RouteKey KEY = key(DATABASE);
    private static final RouteKey OTHER_KEY = key(OTHER_DATABASE);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration DRAIN = Duration.ofMillis(300);

    private final ProxyNode node;
    private final InetSocketAddress address;
    private final List<MySqlServer> servers;
    private long epoch;
    private Released released = Released.none();

    MySqlDataPath(MySqlFlavour flavour, List<MySqlServer> servers) throws IOException {
        this(flavour, servers, false);
    }

    /** @param passwordAsked whether clients say their password, enciphered */
    MySqlDataPath(MySqlFlavour flavour, List<MySqlServer> servers, boolean passwordAsked) throws IOException {
        this(flavour, servers, TlsFiles.none(TlsFiles.Plaintext.LOOPBACK, passwordAsked));
    }

    MySqlDataPath(MySqlFlavour flavour, List<MySqlServer> servers, ClientTls tls) throws IOException {
        this.servers = servers;
        this.node = new ProxyNode(
                NodeConfig.defaults(), new QueryEvents(1 << 14), new SimpleMeterRegistry(), InstantSource.system());
        this.address = node.listen(
                new MySqlProtocol(flavour),
                new ListenerConfig(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), tls, 100, List.of()));
        ScramSettings scram = new ScramSettings(Secret.of("salt of the proxy"), Scram.ITERATIONS_DEFAULT);
        Credential credential = new Credential(
                "key-drivers",
                PROJECT,
                new Scope.Tenant("drivers"),
                Role.WRITE,
                CredentialBook.tokenSha256(LOGIN.password()),
                Scram.sha256(LOGIN.password(), scram),
                DoubleHash.SHA1.stored(LOGIN.password()),
                Instant.MAX);
        node.publish(new CredentialBook(
                Map.of(PROJECT, new CredentialBook.ProjectCredentials(scram, List.of(credential))),
                Secret.of("a secret of the proxy")));
        lead();
    }

    private static RouteKey key(String database) {
        return new RouteKey(Engine.MYSQL, PROJECT, DatabaseName.parse(database).orElseThrow());
    }

    /** The databases and the login, empty. */
    static void prepare(MySqlServer server) throws SQLException {
        try (Connection connection = server.connect("");
                Statement statement = connection.createStatement()) {
            for (String database : List.of(DATABASE, OTHER_DATABASE)) {
                statement.execute("DROP DATABASE IF EXISTS " + database);
                statement.execute("CREATE DATABASE " + database);
            }
            statement.execute("CREATE USER IF NOT EXISTS " + LOGIN.user() + "@'127.0.0.1' IDENTIFIED BY '"
                    + LOGIN.password().reveal() + "'");
            for (String database : List.of(DATABASE, OTHER_DATABASE)) {
                statement.execute("GRANT ALL ON " + database + ".* TO " + LOGIN.user() + "@'127.0.0.1'");
            }
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** What came of all flips so far. */
    Released released() {
        return released;
    }

    /** The next server, one epoch later. */
    private CompletableFuture<Void> lead() {
        MySqlServer server = servers.get((int) (epoch % servers.size()));
        epoch++;
        return node.publish(RouteTable.of(
                epoch,
                List.of(
                        new Route(KEY, epoch, target(server, DATABASE), new RouteState.Open()),
                        new Route(OTHER_KEY, 1, target(servers.getFirst(), OTHER_DATABASE), new RouteState.Open()))));
    }

    private Target target(MySqlServer server, String database) {
        return new Target(
                "host-" + server.port(),
                new ServerAddress(server.host(), server.port()),
                ServerTls.disabled(),
                database,
                Map.of(Role.WRITE, LOGIN));
    }

    /** Moves the route and all its sessions; not where one of them is in the middle of something. */
    void flip() {
        Hold hold = node.hold(KEY, new HoldTerms(HoldTerms.Cause.CUTOVER, PATIENCE));
        try {
            hold.drained().get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
            lead().join();
            hold.switched().join();
        } catch (TimeoutException e) {
            // A transaction is open: it stays where it is.
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        released = released.plus(hold.release().join());
    }

    @Override
    public void close() {
        node.close();
    }
}
