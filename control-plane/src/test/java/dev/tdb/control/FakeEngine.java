package dev.tdb.control;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.ApplyTerms;
import dev.tdb.control.engine.DatabaseFacts;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.QueryBounds;
import dev.tdb.control.engine.QueryResult;
import dev.tdb.control.engine.ServerFacts;
import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.engine.VersionScript;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Servers that exist in memory only. Two addresses may lead to one server; what is asked is recorded, and {@link #before}
 * may make any call fail. Databases, logins and fences are kept as a server would, so that a test can look at them.
 */
public final class FakeEngine implements EngineAdapter {
    /** One server. */
    public static final class Server {
        public final Set<String> databases = ConcurrentHashMap.newKeySet();

        /** Who may log in, and who exists but may not. */
        public final Map<String, Boolean> logins = new ConcurrentHashMap<>();

        public final Set<String> fenced = ConcurrentHashMap.newKeySet();

        /** {@code database mark}. */
        public final Set<String> marks = ConcurrentHashMap.newKeySet();

        /** {@code database version}, as often as it was applied. */
        public final List<String> applied = new CopyOnWriteArrayList<>();

        public volatile boolean replica;
        public volatile int majorVersion = 18;
        public volatile boolean down;
    }

    private final Engine engine;
    private final Map<ServerAddress, Server> servers = new ConcurrentHashMap<>();
    public final List<String> asked = new CopyOnWriteArrayList<>();

    /** Called before each call with its name; after those that change something, with a name that says it is done. */
    public volatile Consumer<String> before = name -> {};

    public FakeEngine() {
        this(Engine.POSTGRES);
    }

    public FakeEngine(Engine engine) {
        this.engine = engine;
    }

    public Server at(ServerAddress... addresses) {
        Server server = new Server();
        for (ServerAddress address : addresses) {
            servers.put(address, server);
        }
        return server;
    }

    private Server reach(String call, ServerAddress address) {
        asked.add(call + " " + address);
        before.accept(call);
        Server server = servers.get(address);
        if (server == null || server.down) {
            throw new EngineException(address + " refused the connection", true, new IllegalStateException());
        }
        return server;
    }

    @Override
    public Engine engine() {
        return engine;
    }

    @Override
    public ServerFacts serverFacts(AdminAccess admin) {
        Server server = reach("serverFacts", admin.address());
        return new ServerFacts("1", "fake", server.majorVersion, server.replica);
    }

    @Override
    public boolean isSameServer(AdminAccess a, AdminAccess b) {
        return reach("isSameServer", a.address()) == reach("isSameServer", b.address());
    }

    @Override
    public DatabaseFacts databaseFacts(AdminAccess admin, String database) {
        return reach("databaseFacts", admin.address()).databases.contains(database)
                ? new DatabaseFacts(true, "UTF8", List.of(), 0, Duration.ZERO, 0)
                : DatabaseFacts.missing();
    }

    @Override
    public void createDatabase(AdminAccess admin, String database) {
        reach("createDatabase", admin.address()).databases.add(database);
        before.accept("createdDatabase");
    }

    @Override
    public void createLogins(AdminAccess admin, String database, List<TenantLogin> logins) {
        Server server = reach("createLogins", admin.address());
        logins.forEach(login -> server.logins.put(login.login().user(), true));
        before.accept("createdLogins");
    }

    @Override
    public void dropLogins(AdminAccess admin, String database, List<String> users) {
        Server server = reach("dropLogins", admin.address());
        users.forEach(server.logins::remove);
    }

    @Override
    public void dropDatabase(AdminAccess admin, String database, List<String> users) {
        Server server = reach("dropDatabase", admin.address());
        server.databases.remove(database);
        server.marks.removeIf(mark -> mark.startsWith(database + " "));
        users.forEach(server.logins::remove);
        before.accept("dropped");
    }

    @Override
    public void checkLogin(ServerAddress address, ServerTls tls, String database, TenantLogin login) {
        Server server = reach("checkLogin", address);
        if (!server.logins.getOrDefault(login.login().user(), false) || server.fenced.contains(database)) {
            throw new EngineException("login refused", false, new IllegalStateException());
        }
    }

    /** A version is refused when it has the statement "broken". */
    @Override
    public void apply(
            AdminAccess admin, String database, BackendLogin owner, List<VersionScript> versions, ApplyTerms terms) {
        Server server = reach("apply", admin.address());
        versions.stream()
                .filter(version -> version.statements().contains("broken"))
                .forEach(version -> {
                    throw new EngineException("statement 1 is broken", false, "42601", new IllegalStateException());
                });
        for (VersionScript version : versions) {
            if (server.marks.add(database + " " + version.mark())) {
                server.applied.add(database + " " + version.version());
            }
        }
        before.accept("applied");
    }

    @Override
    public boolean hasVersion(AdminAccess admin, String database, VersionScript version) {
        return reach("hasVersion", admin.address()).marks.contains(database + " " + version.mark());
    }

    @Override
    public Optional<String> unfitForVersion(String statement) {
        return Optional.empty();
    }

    @Override
    public Optional<String> unfitForQuery(String statement) {
        return Optional.empty();
    }

    @Override
    public QueryResult query(
            ServerAddress address,
            ServerTls tls,
            String database,
            BackendLogin login,
            String statement,
            QueryBounds bounds) {
        reach("query", address);
        return new QueryResult(List.of("database"), List.of(List.of(database)), false, 1, database.length());
    }

    @Override
    public void fence(AdminAccess admin, String database, List<String> users) {
        Server server = reach("fence", admin.address());
        users.forEach(user -> server.logins.computeIfPresent(user, (name, may) -> false));
        server.fenced.add(database);
        before.accept("fenced");
    }

    @Override
    public void unfence(AdminAccess admin, String database, List<String> users) {
        Server server = reach("unfence", admin.address());
        users.forEach(user -> server.logins.computeIfPresent(user, (name, may) -> true));
        server.fenced.remove(database);
    }

    @Override
    public void readmit(AdminAccess admin, String database) {
        reach("readmit", admin.address()).fenced.remove(database);
    }
}
