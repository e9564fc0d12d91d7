package dev.tdb.control.mysql;

import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.ApplyTerms;
import dev.tdb.control.engine.DatabaseFacts;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.LiteralMask;
import dev.tdb.control.engine.QueryBounds;
import dev.tdb.control.engine.QueryResult;
import dev.tdb.control.engine.ServerFacts;
import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.engine.VersionScript;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** MySQL 8.0 and MariaDB 10.6, and later ones of both. One connection for each call; none of them is on the way of a query. */
public final class MySqlAdapter implements EngineAdapter {
    private final MySqlConnector connector;
    private final MySqlInspection inspection;
    private final MySqlProvisioning provisioning;
    private final MySqlLoginRepair repair;
    private final MySqlFence fence;
    private final MySqlVersions versions;
    private final MySqlQuery query;

    /**
     * @param connectTimeout for connecting and logging in
     * @param replyTimeout for each reply; a longer statement counts as failed
     */
    public MySqlAdapter(Duration connectTimeout, Duration replyTimeout) {
        this.connector = new MySqlConnector(connectTimeout, replyTimeout);
        this.inspection = new MySqlInspection(connector);
        this.provisioning = new MySqlProvisioning(connector);
        this.repair = new MySqlLoginRepair(connector);
        this.fence = new MySqlFence(connector);
        this.versions = new MySqlVersions(connector);
        this.query = new MySqlQuery(connector);
    }

    public static MySqlAdapter standard() {
        return new MySqlAdapter(Duration.ofSeconds(5), Duration.ofSeconds(60));
    }

    @Override
    public Engine engine() {
        return Engine.MYSQL;
    }

    @Override
    public LiteralMask literals() {
        return new MySqlLiterals();
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    private interface Task {
        void run() throws SQLException;
    }

    private static <T> T asked(ServerAddress address, String what, Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            throw MySqlConnector.failed(address, what, e);
        }
    }

    private static void done(ServerAddress address, String what, Task task) {
        try {
            task.run();
        } catch (SQLException e) {
            throw MySqlConnector.failed(address, what, e);
        }
    }

    @Override
    public ServerFacts serverFacts(AdminAccess admin) {
        return asked(admin.address(), "looking at the server", () -> inspection.serverFacts(admin));
    }

    @Override
    public boolean isSameServer(AdminAccess a, AdminAccess b) {
        return asked(b.address(), "comparing the servers", () -> inspection.isSameServer(a, b));
    }

    @Override
    public DatabaseFacts databaseFacts(AdminAccess admin, String database) {
        return asked(
                admin.address(), "looking at database " + database, () -> inspection.databaseFacts(admin, database));
    }

    @Override
    public void createDatabase(AdminAccess admin, String database) {
        done(admin.address(), "creating database " + database, () -> provisioning.createDatabase(admin, database));
    }

    @Override
    public void createLogins(AdminAccess admin, String database, List<TenantLogin> logins) {
        done(
                admin.address(),
                "creating logins for " + database,
                () -> provisioning.createLogins(admin, database, logins));
    }

    @Override
    public List<String> mendLogins(AdminAccess admin, Map<String, List<TenantLogin>> byDatabase) {
        return asked(admin.address(), "looking at logins", () -> repair.mend(admin, byDatabase));
    }

    @Override
    public void dropLogins(AdminAccess admin, String database, List<String> users) {
        done(admin.address(), "removing logins of " + database, () -> provisioning.dropLogins(admin, users));
    }

    @Override
    public void dropDatabase(AdminAccess admin, String database, List<String> users) {
        done(admin.address(), "removing database " + database, () -> provisioning.dropDatabase(admin, database, users));
    }

    @Override
    public void fence(AdminAccess admin, String database, List<String> users) {
        done(admin.address(), "fencing database " + database, () -> fence.raise(admin, users));
    }

    @Override
    public void unfence(AdminAccess admin, String database, List<String> users) {
        done(admin.address(), "unfencing database " + database, () -> fence.lower(admin, users));
    }

    /** A login that can be made is let in: nothing else is shut. */
    @Override
    public void readmit(AdminAccess admin, String database) {}

    @Override
    public void checkLogin(ServerAddress address, ServerTls tls, String database, TenantLogin login) {
        String user = login.login().user();
        done(address, "the " + login.role().word() + " login to " + database, () -> {
            try (Connection connection = connector.tenant(address, tls, database, login.login())) {
                String effective = Sql.one(connection, "SELECT CURRENT_USER()");
                if (!effective.equals(user + "@%")) {
                    throw new EngineException(
                            "the " + login.role().word() + " login to " + database + " on " + address + " acts as "
                                    + effective + ", expected " + user + "@%",
                            false,
                            new IllegalStateException(effective));
                }
            }
        });
    }

    @Override
    public void apply(
            AdminAccess admin, String database, BackendLogin owner, List<VersionScript> versions, ApplyTerms terms) {
        if (!versions.isEmpty()) {
            done(
                    admin.address(),
                    "applying the blueprint to " + database,
                    () -> this.versions.apply(admin, database, owner, versions, terms));
        }
    }

    @Override
    public boolean hasVersion(AdminAccess admin, String database, VersionScript version) {
        return asked(
                admin.address(),
                "looking for version " + version.version() + " in " + database,
                () -> versions.has(admin, database, version));
    }

    @Override
    public Optional<String> unfitForVersion(String statement) {
        return MySqlStatements.unfitForVersion(statement);
    }

    @Override
    public Optional<String> unfitForQuery(String statement) {
        return MySqlStatements.unfitForQuery(statement);
    }

    @Override
    public QueryResult query(
            ServerAddress address,
            ServerTls tls,
            String database,
            BackendLogin login,
            String statement,
            QueryBounds bounds) {
        return asked(address, "the query", () -> this.query.run(address, tls, database, login, statement, bounds));
    }
}
