package dev.tdb.control.store;

import dev.tdb.proxy.route.ServerAddress;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What a running flip needs to be undone or gone on with. */
public final class CutoverRows {
    /**
     * One flip.
     *
     * @param fromEpoch the route's, before
     * @param toLoginEpoch equal to {@code fromLoginEpoch} when both addresses lead to one server
     * @param fencing whether the source may have been fenced
     */
    public record Row(
            String operationId,
            long fromEpoch,
            long fromLoginEpoch,
            RouteRows.Place from,
            long toLoginEpoch,
            RouteRows.Place to,
            boolean fencing) {
        public boolean keepsLogins() {
            return fromLoginEpoch == toLoginEpoch;
        }
    }

    private final Handle handle;

    CutoverRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(Row row) {
        handle.createUpdate("INSERT INTO cutovers (operation_id, from_epoch, from_login_epoch, from_admin_host_id,"
                        + " from_host, from_port, from_tls_mode, from_tls_ca, to_login_epoch, to_host_id,"
                        + " to_admin_host_id, to_host, to_port, to_tls_mode, to_tls_ca, fencing) VALUES (:id,"
                        + " :fromEpoch, :fromLoginEpoch, :fromAdmin, :fromHost, :fromPort, :fromMode, :fromCa,"
                        + " :toLoginEpoch, :toHostId, :toAdmin, :toHost, :toPort, :toMode, :toCa, 0)")
                .bind("id", row.operationId())
                .bind("fromEpoch", row.fromEpoch())
                .bind("fromLoginEpoch", row.fromLoginEpoch())
                .bind("fromAdmin", row.from().adminHostId())
                .bind("fromHost", row.from().address().host())
                .bind("fromPort", row.from().address().port())
                .bind("fromMode", HostRows.modeWord(row.from().tls()))
                .bind("fromCa", row.from().tls().caPem())
                .bind("toLoginEpoch", row.toLoginEpoch())
                .bind("toHostId", row.to().hostId())
                .bind("toAdmin", row.to().adminHostId())
                .bind("toHost", row.to().address().host())
                .bind("toPort", row.to().address().port())
                .bind("toMode", HostRows.modeWord(row.to().tls()))
                .bind("toCa", row.to().tls().caPem())
                .execute();
    }

    /** To be durable before the first statement of the fence is sent. */
    public void fencing(String operationId) {
        handle.createUpdate("UPDATE cutovers SET fencing = 1 WHERE operation_id = :id")
                .bind("id", operationId)
                .execute();
    }

    /** Whether an operation that has not ended leads away from the host or to it. */
    public boolean isNeeded(String hostId) {
        return handle.createQuery("SELECT count(*) FROM cutovers JOIN operations ON id = operation_id WHERE state ="
                                + " :running AND :host IN (from_admin_host_id, to_admin_host_id, to_host_id)")
                        .bind("running", OperationRows.RUNNING)
                        .bind("host", hostId)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    public Optional<Row> find(String operationId) {
        return handle.createQuery("SELECT * FROM cutovers WHERE operation_id = :id")
                .bind("id", operationId)
                .map((rs, ctx) -> new Row(
                        rs.getString("operation_id"),
                        rs.getLong("from_epoch"),
                        rs.getLong("from_login_epoch"),
                        new RouteRows.Place(
                                "",
                                rs.getString("from_admin_host_id"),
                                new ServerAddress(rs.getString("from_host"), rs.getInt("from_port")),
                                HostRows.tls(rs.getString("from_tls_mode"), rs.getString("from_tls_ca"))),
                        rs.getLong("to_login_epoch"),
                        new RouteRows.Place(
                                rs.getString("to_host_id"),
                                rs.getString("to_admin_host_id"),
                                new ServerAddress(rs.getString("to_host"), rs.getInt("to_port")),
                                HostRows.tls(rs.getString("to_tls_mode"), rs.getString("to_tls_ca"))),
                        rs.getInt("fencing") == 1))
                .findOne();
    }
}
