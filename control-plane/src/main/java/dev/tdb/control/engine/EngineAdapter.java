package dev.tdb.control.engine;

import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.util.List;

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

    /** Removes logins; what they own becomes the owner's. Those that do not exist are passed over. */
    void dropLogins(AdminAccess admin, String database, List<String> users);

    /** Removes the database, whoever is in it, its roles, and the logins named. */
    void dropDatabase(AdminAccess admin, String database, List<String> users);

    /** Logs in as a client's session will be logged in, and looks whether it is who it should be. */
    void checkLogin(ServerAddress address, ServerTls tls, String database, TenantLogin login);

    /** Runs statements in one transaction, as the owner of the database. */
    void apply(ServerAddress address, ServerTls tls, String database, BackendLogin owner, List<String> statements);

    /** After it no session of these logins exists and none can begin. */
    void fence(AdminAccess admin, String database, List<String> users);

    /** Takes {@link #fence} back. */
    void unfence(AdminAccess admin, String database, List<String> users);

    /** Lets roles in again on a server that was fenced when the database left it, before new logins are made there. */
    void readmit(AdminAccess admin, String database);
}
