package dev.tdb.control.querylog;

import dev.tdb.proxy.route.RouteKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The numbers that stand for tenants, and for what their entries have in common, in one file. Used by one thread. */
final class Owners {
    private static final int KNOWN_MAX = 100_000;

    /** Each may keep a short block, of some kilobytes. */
    private static final int TENANTS_KNOWN_MAX = 10_000;

    private final Connection connection;
    private final Map<Login, Owner> known = new HashMap<>();
    private final Map<Name, Tenant> tenants = new HashMap<>();

    private record Login(RouteKey route, String user) {}

    private record Name(String project, String tenant) {}

    /** Whose an entry is, and what is the same for all entries of this login. */
    record Owner(Tenant tenant, int originNo) {}

    /** One tenant, and the block that its next entry goes to. */
    static final class Tenant {
        private final int no;
        private BlockBuilder block;

        private Tenant(int no, BlockBuilder block) {
            this.no = no;
            this.block = block;
        }

        int no() {
            return no;
        }

        BlockBuilder block() {
            return block;
        }

        void nextBlock() {
            block = new BlockBuilder(block.firstRow() + block.count(), block.endedMicros());
        }
    }

    Owners(Connection connection) {
        this.connection = connection;
    }

    /** Makes numbers for what is new. */
    Owner of(RouteKey route, String user) throws SQLException {
        Login login = new Login(route, user);
        Owner owner = known.get(login);
        if (owner == null) {
            if (known.size() >= KNOWN_MAX) {
                known.clear();
            }
            owner = new Owner(
                    tenant(new Name(route.project().value(), route.database().tenant())), originNo(route, user));
            known.put(login, owner);
        }
        return owner;
    }

    /** After a batch that was not written: numbers that were given are not taken. */
    void forget() {
        known.clear();
        tenants.clear();
    }

    /** Blocks that are short are gone on with, as long as there are not too many of them. */
    void batchWritten(Set<Tenant> touched) {
        for (Tenant tenant : touched) {
            if (!tenant.block().isShort()) {
                tenant.nextBlock();
            }
        }
        if (tenants.size() > TENANTS_KNOWN_MAX) {
            forget();
        }
    }

    private Tenant tenant(Name name) throws SQLException {
        Tenant tenant = tenants.get(name);
        if (tenant == null) {
            int no = number(
                    "INSERT INTO tenants (project, tenant) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    "SELECT no FROM tenants WHERE project = ? AND tenant = ?",
                    name.project(),
                    name.tenant());
            if (no >= EntryId.TENANTS_MAX) {
                throw new SQLException("more than " + EntryId.TENANTS_MAX + " tenants in one file of the query log");
            }
            tenant = new Tenant(
                    no,
                    TenantBlocks.newest(connection, no)
                            .map(newest -> new BlockBuilder(newest.lastRow() + 1, newest.endedMicros()))
                            .orElseGet(() -> new BlockBuilder(EntryId.floor(no) + 1, 0)));
            tenants.put(name, tenant);
        }
        return tenant;
    }

    private int originNo(RouteKey route, String user) throws SQLException {
        return number(
                "INSERT INTO origins (blueprint, engine, login) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                "SELECT no FROM origins WHERE blueprint = ? AND engine = ? AND login = ?",
                route.database().blueprint(),
                route.engine().word(),
                user);
    }

    private int number(String insertSql, String selectSql, String... key) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(insertSql);
                PreparedStatement select = connection.prepareStatement(selectSql)) {
            for (int i = 0; i < key.length; i++) {
                insert.setString(i + 1, key[i]);
                select.setString(i + 1, key[i]);
            }
            insert.executeUpdate();
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
