package dev.tdb.control.host;

import dev.tdb.control.ControlException;
import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.ServerFacts;
import dev.tdb.control.event.Events;
import dev.tdb.control.secret.Tokens;
import dev.tdb.control.store.DuplicateRow;
import dev.tdb.control.store.HostRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The inventory of database servers. */
public final class Hosts {
    private static final String ID_PATTERN = "[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?";
    private static final String REGION_PATTERN = "([a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)?";
    private static final int CAPACITY_MAX = 1_000_000;

    private final StateStore store;
    private final HostAccess access;
    private final Events events;
    private final InstantSource clock;

    public Hosts(StateStore store, HostAccess access, Events events, InstantSource clock) {
        this.store = store;
        this.access = access;
        this.events = events;
        this.clock = clock;
    }

    /** Logs in once to see that it can be used; throws {@code conflict} when it cannot. */
    public Host register(HostSpec spec) {
        check(spec);
        EngineAdapter engine = access.engine(spec.engine());
        answering(engine, new AdminAccess(spec.address(), spec.tls(), spec.adminUser(), spec.adminPassword()));
        String id = spec.id().isEmpty() ? Tokens.id("host-").substring(0, "host-".length() + 8) : spec.id();
        HostRows.Row row = new HostRows.Row(
                id,
                spec.engine(),
                spec.address(),
                spec.tls(),
                spec.region(),
                spec.level(),
                spec.capacity(),
                Host.State.READY.word(),
                spec.adminUser(),
                access.seal(id, spec.adminPassword()),
                0,
                clock.millis());
        try {
            store.write(tables -> {
                tables.hosts().insert(row);
                return id;
            });
        } catch (DuplicateRow e) {
            throw ControlException.conflict(
                    "a host with the id '" + id + "' or the address " + spec.address() + " is registered already");
        }
        events.publish("host", "", "", Map.of("host_id", id, "state", row.state()));
        return view(row);
    }

    private static void check(HostSpec spec) {
        if (!spec.id().isEmpty() && !spec.id().matches(ID_PATTERN)) {
            throw ControlException.badRequest("host_id '" + spec.id()
                    + "' must have 1 to 40 lower-case letters, digits and hyphens between them");
        }
        checkRegion(spec.region());
        checkCapacity(spec.capacity());
        if (spec.level() != 1 && spec.level() != 2) {
            throw ControlException.badRequest("level must be 1 (shared) or 2 (dedicated)");
        }
        if (spec.adminUser().isBlank()) {
            throw ControlException.badRequest("admin_user must not be empty");
        }
    }

    private static void checkRegion(String region) {
        if (!region.matches(REGION_PATTERN)) {
            throw ControlException.badRequest(
                    "region '" + region + "' must have at most 40 lower-case letters, digits and hyphens");
        }
    }

    private static void checkCapacity(int capacity) {
        if (capacity < 1 || capacity > CAPACITY_MAX) {
            throw ControlException.badRequest("capacity must be between 1 and " + CAPACITY_MAX);
        }
    }

    private static ServerFacts answering(EngineAdapter engine, AdminAccess admin) {
        try {
            return engine.serverFacts(admin);
        } catch (EngineException e) {
            throw ControlException.conflict("the host cannot be used: " + e.sentence());
        }
    }

    public List<Host> list() {
        return store.read(tables -> tables.hosts().list()).stream()
                .map(Hosts::view)
                .toList();
    }

    public Host get(String id) {
        return view(store.read(tables -> required(tables, id)));
    }

    /** A new administrator's login is tried before it is kept. */
    public Host update(String id, HostChange change) {
        HostRows.Row before = store.read(tables -> required(tables, id));
        HostRows.Row after = new HostRows.Row(
                id,
                before.engine(),
                before.address(),
                before.tls(),
                Objects.requireNonNullElse(change.region(), before.region()),
                before.level(),
                change.capacity() == null ? before.capacity() : change.capacity(),
                change.state() == null ? before.state() : change.state().word(),
                Objects.requireNonNullElse(change.adminUser(), before.adminUser()),
                sealed(id, change.adminPassword(), before),
                before.databases(),
                before.createdAt());
        checkRegion(after.region());
        checkCapacity(after.capacity());
        if (change.adminUser() != null || change.adminPassword() != null) {
            answering(access.engine(after.engine()), access.admin(after));
        }
        store.write(tables -> {
            required(tables, id);
            tables.hosts().update(after);
            return id;
        });
        events.publish("host", "", "", Map.of("host_id", id, "state", after.state()));
        return view(after);
    }

    private String sealed(String id, @org.jspecify.annotations.Nullable Secret password, HostRows.Row before) {
        return password == null ? before.adminPassword() : access.seal(id, password);
    }

    /** Removes a host that holds no tenant database and that no flip needs; throws {@code conflict} otherwise. */
    public void remove(String id) {
        store.write(tables -> {
            HostRows.Row row = required(tables, id);
            int databases = Math.max(row.databases(), tables.routes().countAdministeredBy(id));
            if (databases > 0) {
                throw ControlException.conflict(
                        "Host '" + id + "' holds " + databases + " tenant databases. Move or delete them first");
            }
            if (tables.cutovers().isNeeded(id)) {
                throw ControlException.conflict(
                        "Host '" + id + "' cannot be removed while a flip to or from it is under way");
            }
            tables.hosts().delete(id);
            return id;
        });
        events.publish("host", "", "", Map.of("host_id", id, "state", "removed"));
    }

    /** Asks the server now. */
    public HostHealth check(String id) {
        HostRows.Row row = store.read(tables -> required(tables, id));
        long start = System.nanoTime();
        try {
            ServerFacts facts = access.engine(row.engine()).serverFacts(access.admin(row));
            return new HostHealth(true, facts.version(), facts.replica(), since(start), "");
        } catch (EngineException e) {
            return new HostHealth(false, "", false, since(start), e.sentence());
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static HostRows.Row required(Tables tables, String id) {
        return tables.hosts().find(id).orElseThrow(() -> ControlException.notFound("Host not found: " + id));
    }

    private static Host view(HostRows.Row row) {
        return new Host(
                row.id(),
                row.engine(),
                row.address(),
                row.tls(),
                row.region(),
                row.level(),
                row.capacity(),
                row.databases(),
                Host.State.valueOf(row.state().toUpperCase(Locale.ROOT)),
                row.adminUser(),
                Instant.ofEpochMilli(row.createdAt()));
    }
}
