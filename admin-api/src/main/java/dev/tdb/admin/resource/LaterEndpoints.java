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
                Endpoint.post("/tenants/{id}/backup", Access.WRITE, "Back a tenant up", tenant("backing up")),
                Endpoint.get("/tenants/{id}/backups", Access.READ, "List backups", tenant("backing up")),
                Endpoint.post("/tenants/{id}/rollback", Access.ADMIN, "Go back to a backup", tenant("rolling back"))
                        .body(Field.required("storage_path", Shape.text(500), "as GET backups lists it")),
                Endpoint.post("/tenants/{id}/recover", Access.ADMIN, "Go back to a moment", this::dedicated)
                        .body(moment),
                Endpoint.post("/tenants/{id}/recover-undo", Access.ADMIN, "Take a recovery back", this::dedicated));
    }

    private Answer.Enveloped tenant(String what) {
        return request -> {
            reach.tenant(request, reach.project(request));
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
