package dev.tdb.control.store;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Routes. */
public final class RouteRows {
    public static final String OPEN = "open";
    public static final String SUSPENDED = "suspended";
    public static final String PREPARING = "preparing";
    public static final String DELETED = "deleted";

    /**
     * A server as a route leads to it.
     *
     * @param hostId the registered host of that address, or empty
     * @param adminHostId the host whose administrator can log in there
     */
    public record Place(String hostId, String adminHostId, ServerAddress address, ServerTls tls) {}

    /**
     * One route.
     *
     * @param loginEpoch of the logins in use
     * @param state one of the words above
     */
    public record Row(
            RouteKey key,
            Place place,
            String database,
            long epoch,
            long loginEpoch,
            String state,
            long patienceMs,
            long changedAt) {}

    private final Handle handle;

    RouteRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(Row row) {
        handle.createUpdate("INSERT INTO routes (project_id, blueprint, tenant, engine, host_id, admin_host_id, host,"
                        + " port, tls_mode, tls_ca, database_name, epoch, login_epoch, state, patience_ms, changed_at)"
                        + " VALUES (:project, :blueprint, :tenant, :engine, :hostId, :adminHostId, :host, :port,"
                        + " :tlsMode, :tlsCa, :database, :epoch, :loginEpoch, :state, :patience, :changedAt)")
                .bind("project", row.key().project().value())
                .bind("blueprint", row.key().database().blueprint())
                .bind("tenant", row.key().database().tenant())
                .bind("engine", row.key().engine().word())
                .bind("hostId", row.place().hostId())
                .bind("adminHostId", row.place().adminHostId())
                .bind("host", row.place().address().host())
                .bind("port", row.place().address().port())
                .bind("tlsMode", HostRows.modeWord(row.place().tls()))
                .bind("tlsCa", row.place().tls().caPem())
                .bind("database", row.database())
                .bind("epoch", row.epoch())
                .bind("loginEpoch", row.loginEpoch())
                .bind("state", row.state())
                .bind("patience", row.patienceMs())
                .bind("changedAt", row.changedAt())
                .execute();
    }

    /** Every route of every project. */
    public List<Row> all() {
        return handle.createQuery("SELECT * FROM routes")
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public List<Row> list(ProjectId project, int limit, int offset) {
        return handle.createQuery("SELECT * FROM routes WHERE project_id = :project"
                        + " ORDER BY blueprint, tenant LIMIT :limit OFFSET :offset")
                .bind("project", project.value())
                .bind("limit", limit)
                .bind("offset", offset)
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public List<Row> ofTenant(ProjectId project, String tenant) {
        return handle.createQuery(
                        "SELECT * FROM routes WHERE project_id = :project AND tenant = :tenant" + " ORDER BY blueprint")
                .bind("project", project.value())
                .bind("tenant", tenant)
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public Optional<Row> find(ProjectId project, DatabaseName name) {
        return handle.createQuery("SELECT * FROM routes WHERE project_id = :project AND blueprint = :blueprint"
                        + " AND tenant = :tenant")
                .bind("project", project.value())
                .bind("blueprint", name.blueprint())
                .bind("tenant", name.tenant())
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    /** Whether a server is said to hold a database of this name already, for any project. */
    public boolean isTaken(ServerAddress address, String database) {
        return handle.createQuery("SELECT count(*) FROM routes WHERE host = :host AND port = :port"
                                + " AND database_name = :database")
                        .bind("host", address.host())
                        .bind("port", address.port())
                        .bind("database", database)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    public int countOn(ServerAddress address) {
        return handle.createQuery("SELECT count(*) FROM routes WHERE host = :host AND port = :port")
                .bind("host", address.host())
                .bind("port", address.port())
                .mapTo(Integer.class)
                .one();
    }

    public int countAdministeredBy(String hostId) {
        return handle.createQuery("SELECT count(*) FROM routes WHERE admin_host_id = :id")
                .bind("id", hostId)
                .mapTo(Integer.class)
                .one();
    }

    public void state(RouteKey key, String state, long patienceMs, long changedAt) {
        handle.createUpdate("UPDATE routes SET state = :state, patience_ms = :patience, changed_at = :changedAt"
                        + " WHERE project_id = :project AND blueprint = :blueprint AND tenant = :tenant")
                .bind("state", state)
                .bind("patience", patienceMs)
                .bind("changedAt", changedAt)
                .bind("project", key.project().value())
                .bind("blueprint", key.database().blueprint())
                .bind("tenant", key.database().tenant())
                .execute();
    }

    /**
     * Leads a route elsewhere and takes its epoch one on, if the epoch is still {@code fromEpoch}.
     *
     * @return whether it was
     */
    public boolean decide(RouteKey key, long fromEpoch, Place to, long loginEpoch, long changedAt) {
        return handle.createUpdate("UPDATE routes SET host_id = :hostId, admin_host_id = :adminHostId, host = :host,"
                                + " port = :port, tls_mode = :tlsMode, tls_ca = :tlsCa, epoch = :fromEpoch + 1,"
                                + " login_epoch = :loginEpoch, changed_at = :changedAt WHERE project_id = :project"
                                + " AND blueprint = :blueprint AND tenant = :tenant AND epoch = :fromEpoch")
                        .bind("hostId", to.hostId())
                        .bind("adminHostId", to.adminHostId())
                        .bind("host", to.address().host())
                        .bind("port", to.address().port())
                        .bind("tlsMode", HostRows.modeWord(to.tls()))
                        .bind("tlsCa", to.tls().caPem())
                        .bind("fromEpoch", fromEpoch)
                        .bind("loginEpoch", loginEpoch)
                        .bind("changedAt", changedAt)
                        .bind("project", key.project().value())
                        .bind("blueprint", key.database().blueprint())
                        .bind("tenant", key.database().tenant())
                        .execute()
                == 1;
    }

    /**
     * Whether the route's epoch is {@code epoch}. Asked by a write, which waits for a decision whose commit is on its way:
     * a mere read does not see it yet.
     */
    public boolean confirm(RouteKey key, long epoch) {
        return handle.createUpdate("UPDATE routes SET epoch = epoch WHERE project_id = :project"
                                + " AND blueprint = :blueprint AND tenant = :tenant AND epoch = :epoch")
                        .bind("project", key.project().value())
                        .bind("blueprint", key.database().blueprint())
                        .bind("tenant", key.database().tenant())
                        .bind("epoch", epoch)
                        .execute()
                == 1;
    }

    private static Row row(ResultSet rs) throws SQLException {
        RouteKey key = new RouteKey(
                Engine.parse(rs.getString("engine")),
                new ProjectId(rs.getString("project_id")),
                new DatabaseName(rs.getString("blueprint"), rs.getString("tenant")));
        Place place = new Place(
                rs.getString("host_id"),
                rs.getString("admin_host_id"),
                new ServerAddress(rs.getString("host"), rs.getInt("port")),
                HostRows.tls(rs.getString("tls_mode"), rs.getString("tls_ca")));
        return new Row(
                key,
                place,
                rs.getString("database_name"),
                rs.getLong("epoch"),
                rs.getLong("login_epoch"),
                rs.getString("state"),
                rs.getLong("patience_ms"),
                rs.getLong("changed_at"));
    }
}
