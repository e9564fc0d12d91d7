package dev.tdb.control.project;

import dev.tdb.proxy.credential.ProjectId;
import java.util.List;
import java.util.Optional;

/** The projects of the installation. */
public final class Projects {
    /** Makes a project and its first key, an admin key of project scope. */
    public CreatedProject create(String name) {
        throw new UnsupportedOperationException("next push");
    }

    public List<Project> list() {
        throw new UnsupportedOperationException("next push");
    }

    /** Throws {@code not_found} when there is none. */
    public Project get(ProjectId id) {
        throw new UnsupportedOperationException("next push");
    }

    /** The project of operator calls that name none: the first one made, until set. */
    public Optional<ProjectId> defaultProject() {
        throw new UnsupportedOperationException("next push");
    }

    public void makeDefault(ProjectId id) {
        throw new UnsupportedOperationException("next push");
    }

    /** Removes a project without tenants, its blueprints and its keys; throws {@code conflict} while it has tenants. */
    public void delete(ProjectId id) {
        throw new UnsupportedOperationException("next push");
    }
}
