package dev.tdb.admin.resource;

import dev.tdb.admin.http.Code;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Request;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.Principal;
import dev.tdb.control.project.Projects;
import dev.tdb.control.tenant.Tenant;
import dev.tdb.control.tenant.TenantDatabase;
import dev.tdb.control.tenant.Tenants;
import dev.tdb.proxy.credential.ProjectId;
import java.util.List;

/** Which project a request is about, and what of it the caller's key reaches. */
public final class Reach {
    private final Projects projects;
    private final Tenants tenants;

    public Reach(Projects projects, Tenants tenants) {
        this.projects = projects;
        this.tenants = tenants;
    }

    /**
     * The project named by the request, else the key's own, else the installation's default.
     *
     * @throws Failure when there is none
     */
    ProjectId project(Request request) {
        return request.project()
                .map(named -> projects.get(named).id())
                .or(projects::defaultProject)
                .orElseThrow(() -> Failure.badRequest("name a project with ?project= or the header X-Project"));
    }

    /** A tenant that the caller's key covers. */
    Tenant tenant(Request request, ProjectId project) {
        Tenant tenant = tenants.get(project, request.path("id"));
        if (!covers(request.caller(), tenant)) {
            throw Failure.of(Code.SCOPE_DENIED, "the key does not cover tenant " + tenant.id());
        }
        return tenant;
    }

    /** @throws Failure unless there is such a tenant, and the caller's key covers its database of this blueprint */
    void requireDatabase(Request request, ProjectId project, String tenant, String blueprint) {
        tenants.get(project, tenant);
        if (!scope(request.caller()).reachesTenant(tenant, List.of(blueprint))) {
            throw Failure.of(
                    Code.SCOPE_DENIED,
                    "the key does not cover database " + dev.tdb.admin.http.Shown.of(blueprint + "__" + tenant));
        }
    }

    boolean covers(Principal caller, Tenant tenant) {
        List<String> blueprints =
                tenant.databases().stream().map(TenantDatabase::blueprint).toList();
        return scope(caller).reachesTenant(tenant.id(), blueprints);
    }

    /** Whether the caller's key covers the whole project. */
    boolean coversProject(Principal caller) {
        return scope(caller).type() == KeyScope.Type.PROJECT;
    }

    /** @throws Failure unless the caller's key covers the whole project */
    void requireProject(Request request) {
        if (!coversProject(request.caller())) {
            throw Failure.of(Code.SCOPE_DENIED, "this needs a key with scope_type project");
        }
    }

    private static KeyScope scope(Principal caller) {
        return switch (caller) {
            case Principal.Operator _ -> KeyScope.project();
            case Principal.Member member -> member.scope();
        };
    }
}
