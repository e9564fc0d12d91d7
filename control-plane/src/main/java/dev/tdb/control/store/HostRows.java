package dev.tdb.control.store;

import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import dev.tdb.proxy.route.ServerTls;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Hosts. */
public final class HostRows {
    /**
     * One host.
     *
     * @param adminPassword encrypted
     * @param databases that routes lead to; read, not written
     */
    public record Row(
            String id,
            Engine engine,
            ServerAddress address,
            ServerTls tls,
            String region,
            int level,
            int capacity,
            String state,
            String adminUser,
            String adminPassword,
            int databases,
            long createdAt) {}

    private static final String SELECT = "SELECT h.*,"
            + " (SELECT count(*) FROM routes r WHERE r.host = h.host AND r.port = h.port) AS databases FROM hosts h";

    private static final SealedColumn PASSWORD = new SealedColumn("hosts", "id", "admin_password");

    private final Handle handle;

    HostRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(Row row) {
        handle.createUpdate("INSERT INTO hosts (id, engine, host, port, tls_mode, tls_ca, region, level, capacity,"
                        + " state, admin_user, admin_password, created_at) VALUES (:id, :engine, :host, :port,"
                        + " :tlsMode, :tlsCa, :region, :level, :capacity, :state, :adminUser, :adminPassword,"
                        + " :createdAt)")
                .bind("id", row.id())
                .bind("engine", row.engine().word())
                .bind("host", row.address().host())
                .bind("port", row.address().port())
                .bind("tlsMode", modeWord(row.tls()))
                .bind("tlsCa", row.tls().caPem())
                .bind("region", row.region())
                .bind("level", row.level())
                .bind("capacity", row.capacity())
                .bind("state", row.state())
                .bind("adminUser", row.adminUser())
                .bind("adminPassword", row.adminPassword())
                .bind("createdAt", row.createdAt())
                .execute();
    }

    public void update(Row row) {
        handle.createUpdate("UPDATE hosts SET region = :region, capacity = :capacity, state = :state,"
                        + " admin_user = :adminUser, admin_password = :adminPassword WHERE id = :id")
                .bind("id", row.id())
                .bind("region", row.region())
                .bind("capacity", row.capacity())
                .bind("state", row.state())
                .bind("adminUser", row.adminUser())
                .bind("adminPassword", row.adminPassword())
                .execute();
    }

    /** The same password, encrypted otherwise. @return whether it still was {@code before} */
    public boolean replacePassword(String id, String before, String after) {
        return PASSWORD.replace(handle, id, before, after);
    }

    public List<Row> list() {
        return handle.createQuery(SELECT + " ORDER BY h.created_at, h.id")
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public Optional<Row> find(String id) {
        return handle.createQuery(SELECT + " WHERE h.id = :id")
                .bind("id", id)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public Optional<Row> findByAddress(ServerAddress address) {
        return handle.createQuery(SELECT + " WHERE h.host = :host AND h.port = :port")
                .bind("host", address.host())
                .bind("port", address.port())
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public void delete(String id) {
        handle.createUpdate("DELETE FROM hosts WHERE id = :id").bind("id", id).execute();
    }

    static String modeWord(ServerTls tls) {
        return tls.mode().name().toLowerCase(Locale.ROOT);
    }

    static ServerTls tls(String mode, String ca) {
        return new ServerTls(ServerTls.Mode.valueOf(mode.toUpperCase(Locale.ROOT)), ca);
    }

    private static Row row(ResultSet rs) throws SQLException {
        return new Row(
                rs.getString("id"),
                Engine.parse(rs.getString("engine")),
                new ServerAddress(rs.getString("host"), rs.getInt("port")),
                tls(rs.getString("tls_mode"), rs.getString("tls_ca")),
                rs.getString("region"),
                rs.getInt("level"),
                rs.getInt("capacity"),
                rs.getString("state"),
                rs.getString("admin_user"),
                rs.getString("admin_password"),
                rs.getInt("databases"),
                rs.getLong("created_at"));
    }
}
