package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.operation.Rounds;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.store.LoginRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks again and again whether the logins on the servers are as they were made, and puts back what is not. */
public final class LoginKeeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LoginKeeper.class);

    private final StateStore store;
    private final HostAccess access;
    private final LoginSafe logins;
    private final Rounds rounds = new Rounds("login keeper", this::round);

    public LoginKeeper(StateStore store, HostAccess access, LoginSafe logins) {
        this.store = store;
        this.access = access;
        this.logins = logins;
    }

    /** Where databases are that one administrator looks after. */
    private record Server(Engine engine, RouteRows.Place place) {}

    private record Owner(ProjectId project, DatabaseName name) {}

    public void start() {
        rounds.start();
    }

    /** Looks at all servers once. @return the logins that had been changed */
    public List<String> round() {
        List<String> mended = new ArrayList<>();
        for (Map.Entry<Server, Map<String, List<TenantLogin>>> entry :
                byServer().entrySet()) {
            mended.addAll(mend(entry.getKey(), entry.getValue()));
        }
        return mended;
    }

    private List<String> mend(Server server, Map<String, List<TenantLogin>> byDatabase) {
        try {
            AdminAccess admin = access.admin(server.place());
            List<String> mended = access.engine(server.engine()).mendLogins(admin, byDatabase);
            for (String user : mended) {
                log.atWarn()
                        .addKeyValue("server", admin.address())
                        .addKeyValue("login", user)
                        .log("a login was changed by who uses it, and is put back");
            }
            return mended;
        } catch (EngineException | ControlException e) {
            // The server is away, or its administrator may not look: whoever needs the server hears of it.
            log.atDebug()
                    .addKeyValue("server", server.place().address())
                    .setCause(e)
                    .log("logins were not looked at");
            return List.of();
        }
    }

    private Map<Server, Map<String, List<TenantLogin>>> byServer() {
        Map<Owner, List<LoginRows.Row>> rows = store
                .read(tables -> tables.logins().inUse())
                .stream()
                .collect(Collectors.groupingBy(row -> new Owner(row.project(), row.name())));
        Map<Server, Map<String, List<TenantLogin>>> byServer = new HashMap<>();
        for (RouteRows.Row route : store.read(tables -> tables.routes().all())) {
            if (!route.state().equals(RouteRows.OPEN) && !route.state().equals(RouteRows.SUSPENDED)) {
                continue; // Nobody is served by them, and an operation may be making or removing them now.
            }
            Owner owner = new Owner(route.key().project(), route.key().database());
            byServer.computeIfAbsent(new Server(route.key().engine(), route.place()), _ -> new HashMap<>())
                    .put(route.database(), logins.open(rows.getOrDefault(owner, List.of())));
        }
        return byServer;
    }

    @Override
    public void close() {
        rounds.close();
    }
}
