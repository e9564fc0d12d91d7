package dev.tdb.admin.resource;

import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Answer;
import dev.tdb.admin.http.Code;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.control.tenant.Tenant;
import java.util.List;

/**
 * What belongs to the API and cannot be done by this build: each says so, after everything else that is wrong with the
 * request has been said.
 */
public final class LaterEndpoints {
    private final Reach reach;

    public LaterEndpoints(Reach reach) {
        this.reach = reach;
    }

    public List<Endpoint> endpoints() {
        Field moment = Field.required("timestamp", new Shape.Moment(), "the moment to go back to");
        return List.of(
                Endpoint.patch(
                                "/tenants/{id}/isolation",
                                Access.ADMIN,
                                "Move between levels or regions",
                                tenant("moving tenants"))
                        .body(
                                Field.required("isolation_level", new Shape.Level(), "the level to move to"),
                                Field.required("blueprint", Shape.text(64), "which database to move"),
                                Field.optional("region", Shape.text(64), "where to")),
                Endpoint.post("/tenants/{id}/databases", Access.ADMIN, "Add a database", tenant("adding databases"))
                        .body(
                                Field.required("blueprint", Shape.text(64), "what it is made from"),
                                Field.optional("isolation_level", new Shape.Level(), "1 (shared) if not given"),
                                Field.optional("region", Shape.text(64), "for dedicated tenants")),
                Endpoint.post("/tenants/{id}/backup", Access.WRITE, "Back a tenant up", tenant("backing up")),
                Endpoint.get("/tenants/{id}/backups", Access.READ, "List backups", tenant("backing up")),
                Endpoint.post("/tenants/{id}/rollback", Access.ADMIN, "Go back to a backup", tenant("rolling back"))
                        .body(Field.required("storage_path", Shape.text(500), "as GET backups lists it")),
                Endpoint.post("/tenants/{id}/recover", Access.ADMIN, "Go back to a moment", this::dedicated)
                        .body(moment),
                Endpoint.post("/tenants/{id}/recover-undo", Access.ADMIN, "Take a recovery back", this::dedicated),
                Endpoint.post("/tenants/{id}/retry", Access.ADMIN, "Go on with a failed operation", tenant("retrying")),
                Endpoint.get(
                        "/tenants/{id}/deployments", Access.READ, "List a tenant's deployments", tenant("deploying")),
                Endpoint.get("/deployments", Access.READ, "List deployments", plain("deploying")),
                Endpoint.post("/deployments", Access.ADMIN, "Apply a version to tenants", plain("deploying"))
                        .body(
                                Field.required("blueprint_name", Shape.text(64), "whose version"),
                                Field.optional("version", new Shape.Whole(1, 1_000_000), "the newest if not given"),
                                Field.optional("tenants", new Shape.ListOf(Shape.text(64), 10_000), "to which"),
                                Field.optional("deploy_all", new Shape.Flag(), "to all tenants of the blueprint")),
                Endpoint.get("/deployments/{id}", Access.READ, "Show a deployment", plain("deploying")),
                Endpoint.post("/operations/{id}/cancel", Access.ADMIN, "Cancel an operation", plain("cancelling")),
                Endpoint.post("/admin/query", Access.ADMIN, "Run a query on one or all tenants", plain("querying"))
                        .body(
                                Field.required("blueprint", Shape.text(64), "which database"),
                                Field.required("query", new Shape.Text(200_000, true), "one statement, no DDL"),
                                Field.optional("tenant_id", Shape.text(64), "on one tenant"),
                                Field.optional("all_tenants", new Shape.Flag(), "on all tenants")));
    }

    private Answer.Enveloped tenant(String what) {
        return request -> {
            reach.tenant(request, reach.project(request));
            throw later(what);
        };
    }

    private Answer.Enveloped plain(String what) {
        return request -> {
            reach.requireProject(request);
            reach.project(request);
            throw later(what);
        };
    }

    private dev.tdb.admin.http.Reply dedicated(Request request) {
        Tenant tenant = reach.tenant(request, reach.project(request));
        if (tenant.databases().stream().allMatch(database -> database.isolationLevel() == 1)) {
            throw Failure.of(Code.FORBIDDEN, "PITR is only available for L2 (dedicated) tenants");
        }
        throw later("recovering");
    }

    private static Failure later(String what) {
        return Failure.of(Code.NOT_IMPLEMENTED, "this build cannot do it yet: " + what + " comes with a later version");
    }
}
