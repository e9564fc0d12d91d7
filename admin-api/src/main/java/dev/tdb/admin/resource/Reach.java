package dev.tdb.admin.resource;

import dev.tdb.admin.http.Code;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shown;
import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.key.KeyScope;
import dev.tdb.control.key.Principal;
import dev.tdb.control.project.Projects;
import dev.tdb.control.tenant.Tenant;
import dev.tdb.control.tenant.TenantDatabase;
import dev.tdb.control.tenant.Tenants;
import dev.tdb.proxy.credential.ProjectId;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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

    /** The project named by the request, or the key's own; empty when an operator named none, who means all of them. */
    Optional<ProjectId> projectIfAny(Request request) {
        return request.project().map(named -> projects.get(named).id());
    }

    /** A tenant all of whose databases the caller's key covers: whoever changes it changes all of them. */
    Tenant tenant(Request request, ProjectId project) {
        Tenant tenant = visibleTenant(request, project);
        if (!coversAll(request.caller(), tenants.get(project, tenant.id()))) {
            throw Failure.of(
                    Code.SCOPE_DENIED,
                    "the key covers a part of tenant " + tenant.id() + " only, and this is about all of its databases");
        }
        return tenant;
    }

    /** A tenant with those of its databases that the caller's key covers, of which there is at least one. */
    Tenant visibleTenant(Request request, ProjectId project) {
        Tenant tenant = visible(request.caller(), tenants.get(project, request.path("id")));
        if (tenant.databases().isEmpty() && !coversProject(request.caller())) {
            throw Failure.of(Code.SCOPE_DENIED, "the key does not cover tenant " + tenant.id());
        }
        return tenant;
    }

    /** @throws Failure unless there is such a tenant, and the caller's key covers its database of this blueprint */
    void requireDatabase(Request request, ProjectId project, String tenant, String blueprint) {
        tenants.get(project, tenant);
        if (!scope(request.caller()).reachesDatabase(tenant, blueprint)) {
            throw Failure.of(
                    Code.SCOPE_DENIED, "the key does not cover database " + Shown.of(blueprint + "__" + tenant));
        }
    }

    /** @throws Failure unless the caller's key covers all tenants of a blueprint */
    void requireBlueprint(Request request, String blueprint) {
        KeyScope scope = scope(request.caller());
        boolean covered = switch (scope.type()) {
            case PROJECT -> true;
            case BLUEPRINT -> scope.values().contains(blueprint);
            case TENANT -> false;
        };
        if (!covered) {
            throw Failure.of(
                    Code.SCOPE_DENIED, "the key does not cover all tenants of blueprint " + Shown.of(blueprint));
        }
    }

    /**
     * @param tenant that may be gone meanwhile
     * @param blueprint of the one database it is about; empty when it is about all
     * @throws Failure unless the caller's key covers it
     */
    void requireCover(Request request, ProjectId project, String tenant, String blueprint) {
        List<String> blueprints = blueprint.isEmpty() ? blueprintsOf(project, tenant) : List.of(blueprint);
        if (!scope(request.caller()).reachesTenant(tenant, blueprints)) {
            throw Failure.of(Code.SCOPE_DENIED, "the key does not cover tenant " + tenant);
        }
    }

    private List<String> blueprintsOf(ProjectId project, String tenant) {
        try {
            return tenants.get(project, tenant).databases().stream()
                    .map(TenantDatabase::blueprint)
                    .toList();
        } catch (ControlException gone) {
            if (gone.code() == ErrorCode.NOT_FOUND) {
                return List.of();
            }
            throw gone;
        }
    }

    /** What the caller may know of a tenant; without databases when that is nothing. */
    static Tenant visible(Principal caller, Tenant tenant) {
        KeyScope scope = scope(caller);
        return tenant.withOnly(database -> scope.reachesDatabase(tenant.id(), database.blueprint()));
    }

    static boolean coversAll(Principal caller, Tenant tenant) {
        List<String> blueprints =
                tenant.databases().stream().map(TenantDatabase::blueprint).toList();
        return scope(caller).reachesTenant(tenant.id(), blueprints);
    }

    /** Which blueprints of the project the caller may know: its key's own, or those of the tenants it covers. */
    Predicate<String> visibleBlueprints(Request request, ProjectId project) {
        KeyScope scope = scope(request.caller());
        return switch (scope.type()) {
            case PROJECT -> _ -> true;
            case BLUEPRINT -> scope.values()::contains;
            case TENANT ->
                tenants.list(project, Integer.MAX_VALUE, 0).stream()
                        .filter(tenant -> scope.values().contains(tenant.id()))
                        .flatMap(tenant -> tenant.databases().stream())
                        .map(TenantDatabase::blueprint)
                        .collect(Collectors.toSet())::contains;
        };
    }

    /** Whether the caller's key covers the whole project. */
    static boolean coversProject(Principal caller) {
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
