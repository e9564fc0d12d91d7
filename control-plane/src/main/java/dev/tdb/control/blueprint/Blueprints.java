package dev.tdb.control.blueprint;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.Engine;
import java.util.List;

/** The blueprints of every project. */
public final class Blueprints {
    public Blueprint create(ProjectId project, String name, Engine engine) {
        throw new UnsupportedOperationException("next push");
    }

    public List<Blueprint> list(ProjectId project) {
        throw new UnsupportedOperationException("next push");
    }

    public Blueprint get(ProjectId project, String name) {
        throw new UnsupportedOperationException("next push");
    }

    /** Adds the next version; tenants made from now on get it. */
    public BlueprintVersion addVersion(ProjectId project, String name, List<String> statements) {
        throw new UnsupportedOperationException("next push");
    }

    /** Oldest first. */
    public List<BlueprintVersion> versions(ProjectId project, String name) {
        throw new UnsupportedOperationException("next push");
    }

    /** Throws {@code conflict} while tenants have databases of it. */
    public void delete(ProjectId project, String name) {
        throw new UnsupportedOperationException("next push");
    }
}
