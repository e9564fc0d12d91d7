package dev.tdb.bench.datapath;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.CredentialBook.ProjectCredentials;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.Route;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.route.RouteTable;
import dev.tdb.proxy.route.ServerTls;
import dev.tdb.proxy.route.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Routes and credentials that do not change but for the epoch: one project, one blueprint, many tenants. */
public final class StaticBook {
    public static final ProjectId PROJECT = new ProjectId("tdb_bench");
    public static final DatabaseName DATABASE = new DatabaseName("bench", "one");
    private static final byte[] SALT = "sixteen bytes of".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private StaticBook() {}

    static RouteKey key(Engine engine) {
        return new RouteKey(engine, PROJECT, DATABASE);
    }

    /** The table after {@code flips} flips of the route that is used. */
    static RouteTable routes(Settings settings, int flips) {
        Target target = new Target(
                "pg",
                settings.server(),
                ServerTls.disabled(),
                settings.serverDatabase(),
                Map.of(Role.WRITE, new BackendLogin(settings.serverUser(), settings.serverPassword())));
        List<Route> routes = new ArrayList<>(settings.routes() + 1);
        for (int i = 0; i < settings.routes(); i++) {
            RouteKey other = new RouteKey(settings.engine(), PROJECT, new DatabaseName("bench", "other_" + i));
            routes.add(new Route(other, 1, target, new RouteState.Open()));
        }
        routes.add(new Route(key(settings.engine()), 1L + flips, target, new RouteState.Open()));
        return RouteTable.of(1L + flips, routes);
    }

    static CredentialBook credentials(Settings settings) {
        ScramSettings scram = new ScramSettings(Secret.of(SALT), settings.iterations());
        Credential only = new Credential(
                "key_bench",
                PROJECT,
                new Scope.Tenant(DATABASE.tenant()),
                Role.WRITE,
                CredentialBook.tokenSha256(settings.clientPassword()),
                Scram.sha256(settings.clientPassword(), scram),
                DoubleHash.SHA1.stored(settings.clientPassword()),
                Instant.MAX);
        return new CredentialBook(
                Map.of(PROJECT, new ProjectCredentials(scram, List.of(only))), Secret.of(new byte[32]));
    }
}
