package dev.tdb.admin.resource;

import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Code;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Page;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.admin.http.Values;
import dev.tdb.control.deployment.Deployment;
import dev.tdb.control.plane.Retries;
import dev.tdb.control.tenant.ConnectionStrings;
import dev.tdb.control.tenant.CreatedTenant;
import dev.tdb.control.tenant.NewTenant;
import dev.tdb.control.tenant.NewTenant.NewDatabase;
import dev.tdb.control.tenant.RestoredTenant;
import dev.tdb.control.tenant.RetriedTenant;
import dev.tdb.control.tenant.SuspendTerms;
import dev.tdb.control.tenant.Suspension;
import dev.tdb.control.tenant.Tenant;
import dev.tdb.control.tenant.Tenants;
import dev.tdb.proxy.credential.ProjectId;
import java.util.List;

/** {@code /tenants}: customers' databases, their life and their rest. */
public final class TenantEndpoints {
    private static final Shape NAME = Shape.text(64);
    private static final Field[] DATABASE = {
        Field.required("blueprint", NAME, "what the database is made from"),
        Field.optional("isolation_level", new Shape.Level(), "1 (shared) if not given"),
        Field.optional("region", NAME, "for dedicated tenants")
    };
    private static final Field DATABASES =
            Field.required("databases", new Shape.ListOf(Shape.ObjectOf.of(DATABASE), 16), "one for each blueprint");

    private final Reach reach;
    private final Tenants tenants;
    private final Retries retries;
    private final TenantViews views;

    public TenantEndpoints(Reach reach, Tenants tenants, Retries retries, ConnectionStrings strings) {
        this.reach = reach;
        this.tenants = tenants;
        this.retries = retries;
        this.views = new TenantViews(strings);
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/tenants", Access.READ, "List tenants", this::list)
                        .paged(),
                Endpoint.post(
                                "/tenants",
                                Access.ADMIN,
                                "Create a tenant; its password is in this reply only",
                                this::create)
                        .body(
                                Field.required("tenant_id", NAME, "lower-case letters, digits, single underscores"),
                                DATABASES),
                Endpoint.get("/tenants/{id}", Access.READ, "Show a tenant", this::show),
                Endpoint.delete("/tenants/{id}", Access.ADMIN, "Put a tenant in the trash, or remove it", this::delete)
                        .query(
                                Field.optional("hard", new Shape.Flag(), "true removes it for good"),
                                Field.optional(
                                        "keep_backups",
                                        new Shape.Flag(),
                                        "with hard: its backups stay; 501, since this build makes none")),
                Endpoint.post("/tenants/{id}/restore", Access.ADMIN, "Take a tenant out of the trash", this::restore),
                Endpoint.post(
                                "/tenants/{id}/databases",
                                Access.ADMIN,
                                "Add a database; the tenant's password reaches it too",
                                this::addDatabase)
                        .body(DATABASE),
                Endpoint.post(
                        "/tenants/{id}/retry", Access.ADMIN, "Go on with what has failed at a tenant", this::retry),
                Endpoint.post("/tenants/{id}/suspend", Access.WRITE, "Hold a tenant's queries", this::suspend)
                        .body(RestTerms.FIELDS),
                Endpoint.post("/tenants/{id}/resume", Access.WRITE, "Let a tenant's queries go on", this::resume));
    }

    private Reply list(Request request) {
        ProjectId project = reach.project(request);
        Page page = request.page();
        if (Reach.coversProject(request.caller())) {
            List<Tenant> found = tenants.list(project, page.limit() + 1, page.offset());
            return Reply.ok().withPeekedPage("tenants", views.listed(found), page);
        }
        List<Tenant> visible = tenants.list(project, Integer.MAX_VALUE, 0).stream()
                .map(tenant -> Reach.visible(request.caller(), tenant))
                .filter(tenant -> !tenant.databases().isEmpty())
                .toList();
        return Reply.ok().withPage("tenants", views.listed(visible), page);
    }

    private Reply create(Request request) {
        reach.requireProject(request);
        ProjectId project = reach.project(request);
        List<NewDatabase> databases = request.body().objects("databases").stream()
                .map(TenantEndpoints::newDatabase)
                .toList();
        CreatedTenant created =
                tenants.create(project, new NewTenant(request.body().text("tenant_id"), databases));
        Tenant tenant = created.tenant();
        return Reply.created()
                .with("tenant_id", tenant.id())
                .with("status", tenant.status().word())
                .with("databases", views.created(tenant, created.password()))
                .with("operation_id", created.operationId());
    }

    private static NewDatabase newDatabase(Values database) {
        return new NewDatabase(
                database.text("blueprint"),
                database.levelIfAny("isolation_level").orElse(1),
                database.textIfAny("region").orElse(""));
    }

    private Reply show(Request request) {
        return views.shown(Reply.ok(), reach.visibleTenant(request, reach.project(request)));
    }

    private Reply delete(Request request) {
        ProjectId project = reach.project(request);
        Tenant tenant = reach.tenant(request, project);
        boolean hard = request.query().flag("hard");
        if (request.query().flag("keep_backups") && !hard) {
            throw Failure.badRequest("keep_backups goes with hard=true: what is in the trash keeps everything");
        }
        if (request.query().flag("keep_backups")) {
            throw Failure.of(
                    Code.NOT_IMPLEMENTED,
                    "this build cannot do it yet: it makes no backups, so nothing of '" + tenant.id()
                            + "' would be kept. It is not removed. Remove it without keep_backups");
        }
        String operation = tenants.delete(project, tenant.id(), hard);
        return Reply.ok()
                .with("tenant_id", tenant.id())
                .with("status", "deleted")
                .with("message", "Tenant '" + tenant.id() + (hard ? "' is removed" : "' is in the trash"))
                .with("operation_id", operation);
    }

    private Reply restore(Request request) {
        ProjectId project = reach.project(request);
        RestoredTenant restored =
                tenants.restore(project, reach.tenant(request, project).id());
        String id = restored.tenant().id();
        String status = restored.tenant().status().word();
        return Reply.ok()
                .with("tenant_id", id)
                .with("status", status)
                .with("message", "Tenant '" + id + "' restored successfully")
                .with("tenant", new TenantViews.Status(id, status))
                .with("operation_id", restored.operationId());
    }

    private Reply addDatabase(Request request) {
        reach.requireProject(request);
        ProjectId project = reach.project(request);
        String id = reach.tenant(request, project).id();
        NewDatabase wanted = newDatabase(request.body());
        String operation = tenants.addDatabase(project, id, wanted);
        return views.shown(Reply.created(), tenants.get(project, id))
                .with("message", "Tenant '" + id + "' has a database of blueprint '" + wanted.blueprint() + "'")
                .with("operation_id", operation);
    }

    private Reply retry(Request request) {
        ProjectId project = reach.project(request);
        String id = reach.tenant(request, project).id();
        Reply reply = Reply.ok().with("tenant_id", id);
        return switch (retries.retry(project, id)) {
            case Retries.Retried.Made(RetriedTenant made) -> made(reply, made);
            case Retries.Retried.Removed(String operation) ->
                reply.with("status", "deleted")
                        .with("message", "Tenant '" + id + "' is removed")
                        .with("operation_id", operation);
            case Retries.Retried.Deploying(Deployment deployment) ->
                reply.with("status", tenants.get(project, id).status().word())
                        .with(
                                "message",
                                "Version " + deployment.version() + " of '" + deployment.blueprint()
                                        + "' is on its way: see GET /deployments/" + deployment.id())
                        .with("deployment_id", deployment.id())
                        .with("deployment_status", deployment.status().word())
                        .with("operation_id", deployment.operationId());
        };
    }

    private Reply made(Reply reply, RetriedTenant made) {
        Tenant tenant = made.tenant();
        Reply ready = reply.with("status", tenant.status().word())
                .with(
                        "message",
                        "Tenant '" + tenant.id() + "' is " + tenant.status().word());
        return made.password()
                .map(password -> ready.with("databases", views.created(tenant, password)))
                .orElse(ready)
                .with("operation_id", made.operationId());
    }

    private Reply suspend(Request request) {
        ProjectId project = reach.project(request);
        String id = reach.tenant(request, project).id();
        SuspendTerms terms = RestTerms.of(request.body());
        return answered(tenants.suspend(project, id, terms), "Tenant '" + id + "' is suspended");
    }

    private Reply resume(Request request) {
        ProjectId project = reach.project(request);
        String id = reach.tenant(request, project).id();
        return answered(tenants.resume(project, id), "Tenant '" + id + "' is back");
    }

    private static Reply answered(Suspension found, String message) {
        return RestTerms.counted(
                Reply.ok()
                        .with("tenant_id", found.tenantId())
                        .with("status", found.status().word())
                        .with("message", message),
                found);
    }
}
