package dev.tdb.control.engine;

import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the control plane asks of servers of one product. Calls block, each with its own time-outs, and throw {@link
 * EngineException}. What makes or removes is idempotent: after a crash it is asked again.
 */
public interface EngineAdapter {
    Engine engine();

    /** Where an engine does not say how its statements are read, nothing of them is shown that was to be masked. */
    default LiteralMask literals() {
        return LiteralMask.everything();
    }

    ServerFacts serverFacts(AdminAccess admin);

    /**
     * Whether two addresses lead to one running server. Proved by something that only one running server can show, not by
     * an identifier that a replica shares.
     */
    boolean isSameServer(AdminAccess a, AdminAccess b);

    DatabaseFacts databaseFacts(AdminAccess admin, String database);

    /** Makes the roles and the database, or completes them. Nobody can log in yet. */
    void createDatabase(AdminAccess admin, String database);

    /** Makes logins that may enter this database only, or gives those that exist this password. */
    void createLogins(AdminAccess admin, String database, List<TenantLogin> logins);

    /**
     * Puts logins back to what {@link #createLogins} made of them, where those who use them have changed them. One that
     * does not exist stays so, and one that is shut out stays shut out. An engine whose logins cannot change themselves
     * has nothing to do.
     *
     * @param byDatabase the logins of each database that the server holds
     * @return the users that had been changed
     */
    default List<String> mendLogins(AdminAccess admin, Map<String, List<TenantLogin>> byDatabase) {
        return List.of();
    }

    /** Removes logins; what they own becomes the owner's. Those that do not exist are passed over. */
    void dropLogins(AdminAccess admin, String database, List<String> users);

    /** Removes the database, whoever is in it, its roles, and the logins named. */
    void dropDatabase(AdminAccess admin, String database, List<String> users);

    /** Logs in as a client's session will be logged in, and looks whether it is who it should be. */
    void checkLogin(ServerAddress address, ServerTls tls, String database, TenantLogin login);

    /**
     * Runs the statements of versions as the owner of the database and leaves their marks there: all of it, or nothing. A
     * version whose mark the database has is passed over, so that one that was applied is never applied again.
     */
    void apply(AdminAccess admin, String database, BackendLogin owner, List<VersionScript> versions, ApplyTerms terms);

    /** Whether a database has the mark of a version. */
    boolean hasVersion(AdminAccess admin, String database, VersionScript version);

    /** Why a statement cannot be part of a version, as far as its words tell; empty when they do not. */
    Optional<String> unfitForVersion(String statement);

    /** Why a statement cannot be a query of the API, as far as its words tell; empty when they do not. */
    Optional<String> unfitForQuery(String statement);

    /** Runs one statement in a transaction of its own, as a client with this login could. */
    QueryResult query(
            ServerAddress address,
            ServerTls tls,
            String database,
            BackendLogin login,
            String statement,
            QueryBounds bounds);

    /** After it no session of these logins exists and none can begin. */
    void fence(AdminAccess admin, String database, List<String> users);

    /** Takes {@link #fence} back. */
    void unfence(AdminAccess admin, String database, List<String> users);

    /** Lets roles in again on a server that was fenced when the database left it, before new logins are made there. */
    void readmit(AdminAccess admin, String database);
}
