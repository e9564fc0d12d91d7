package dev.tdb.control.tenant;

import dev.tdb.control.ControlException;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.store.BlueprintRows;
import dev.tdb.control.store.DuplicateRow;
import dev.tdb.control.store.HostRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.control.store.TenantRows;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;

/** Writes down a tenant that is going to be made: its databases, where they go, and the logins to them. */
public final class TenantReservation {
    private static final int DATABASES_MAX = Engine.values().length;
    private static final long FIRST_EPOCH = 1;

    private final StateStore store;
    private final Journal journal;
    private final HostAccess access;
    private final LoginSafe logins;
    private final InstantSource clock;

    public TenantReservation(
            StateStore store, Journal journal, HostAccess access, LoginSafe logins, InstantSource clock) {
        this.store = store;
        this.journal = journal;
        this.access = access;
        this.logins = logins;
        this.clock = clock;
    }

    private static void check(NewTenant tenant) {
        if (!DatabaseName.isPart(tenant.tenantId())) {
            throw ControlException.badRequest("tenant_id '" + tenant.tenantId() + "' must have 1 to "
                    + DatabaseName.PART_CHARS_MAX
                    + " lower-case letters, digits and single underscores between them");
        }
        if (tenant.databases().isEmpty() || tenant.databases().size() > DATABASES_MAX) {
            throw ControlException.badRequest("databases must have 1 to " + DATABASES_MAX + " entries");
        }
        Set<String> seen = new HashSet<>();
        for (NewTenant.NewDatabase database : tenant.databases()) {
            if (!seen.add(database.blueprint())) {
                throw ControlException.badRequest("databases names blueprint '" + database.blueprint() + "' twice");
            }
        }
    }

    /** Begins the operation; throws {@code conflict} when there is such a tenant already. */
    String begin(Journal.Subject subject, NewTenant tenant) {
        check(tenant);
        ProjectId project = subject.project();
        String id = tenant.tenantId();
        try {
            return journal.begin(subject, (tables, operation) -> {
                if (tables.tenants().find(project, id).isPresent()) {
                    throw exists(tables, project, id);
                }
                tables.tenants().insert(new TenantRows.Row(project, id, clock.millis()));
                Set<Engine> engines = EnumSet.noneOf(Engine.class);
                for (NewTenant.NewDatabase wanted : tenant.databases()) {
                    reserve(tables, project, id, wanted, engines);
                }
            });
        } catch (DuplicateRow e) {
            // Somebody was faster: with this tenant, or with a database of the same name on the same host.
            throw store.read(tables -> tables.tenants().find(project, id).isPresent()
                    ? exists(tables, project, id)
                    : ControlException.conflict(
                            "the host of '" + id + "' has just been given a database of that name." + " Try again"));
        }
    }

    /** Begins to add a database to a tenant that is ready; throws {@code conflict} when it cannot have one more. */
    String beginAddition(Journal.Subject subject, NewTenant.NewDatabase wanted) {
        ProjectId project = subject.project();
        String id = subject.tenant();
        try {
            return journal.begin(subject, (tables, operation) -> {
                Tenant tenant = TenantViews.required(tables, project, id);
                if (tenant.status() != TenantStatus.READY) {
                    throw TenantConflicts.unfit(id, tenant.status(), "Only ready tenants can be given a database");
                }
                Set<Engine> engines = EnumSet.noneOf(Engine.class);
                for (TenantDatabase database : tenant.databases()) {
                    if (database.blueprint().equals(wanted.blueprint())) {
                        throw ControlException.conflict(
                                "Tenant '" + id + "' has a database of blueprint '" + wanted.blueprint() + "' already");
                    }
                    engines.add(database.engine());
                }
                reserve(tables, project, id, wanted, engines);
            });
        } catch (DuplicateRow e) {
            throw ControlException.conflict(
                    "the host of '" + id + "' has just been given a database of that name. Try again");
        }
    }

    private static ControlException exists(Tables tables, ProjectId project, String id) {
        if (tables.tenants().isBeingRemoved(project, id)) {
            return ControlException.conflict(
                    "Tenant '" + id + "' is being removed for good. Use DELETE /tenants/" + id + "?hard=true again");
        }
        TenantStatus status = TenantViews.required(tables, project, id).status();
        return ControlException.conflict(
                status == TenantStatus.DELETED
                        ? TenantConflicts.inTrash(id)
                        : "Tenant '" + id + "' already exists and is " + status.word()
                                + ". Take another name, or see GET /tenants/" + id);
    }

    private void reserve(
            Tables tables, ProjectId project, String tenant, NewTenant.NewDatabase wanted, Set<Engine> engines) {
        BlueprintRows.Row blueprint = tables.blueprints()
                .find(project, wanted.blueprint())
                .orElseThrow(() -> ControlException.notFound("Blueprint not found: " + wanted.blueprint()));
        if (!engines.add(blueprint.engine())) {
            throw ControlException.badRequest("blueprint '" + wanted.blueprint() + "' is a second one for "
                    + blueprint.engine().title() + ": a tenant has at most one for each database type");
        }
        access.engine(blueprint.engine());
        DatabaseName name = new DatabaseName(wanted.blueprint(), tenant);
        HostRows.Row host = Placement.choose(tables, blueprint.engine(), wanted, name);
        tables.tenants()
                .insertDatabase(
                        project,
                        tenant,
                        new TenantRows.Database(
                                wanted.blueprint(),
                                blueprint.engine(),
                                wanted.isolationLevel(),
                                host.region(),
                                TenantStatus.PROVISIONING.word(),
                                "",
                                "",
                                blueprint.currentVersion()));
        tables.routes()
                .insert(new RouteRows.Row(
                        new RouteKey(blueprint.engine(), project, name),
                        HostAccess.place(host),
                        name.toString(),
                        FIRST_EPOCH,
                        FIRST_EPOCH,
                        RouteRows.PREPARING,
                        blueprint.patienceMillis(),
                        clock.millis()));
        logins.make(tables, project, name, FIRST_EPOCH, clock.millis());
    }
}
