package dev.tdb.control.store;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.DatabaseName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** With what tdb logs in to tenant databases. */
public final class LoginRows {
    /** One login; the password is encrypted. */
    public record Row(ProjectId project, DatabaseName name, Role role, long epoch, String user, String password) {}

    private static final SealedColumn PASSWORD = new SealedColumn("backend_logins", "username", "password");

    private final Handle handle;

    LoginRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(Row row, long createdAt) {
        handle.createUpdate("INSERT INTO backend_logins (project_id, blueprint, tenant, role, epoch, username,"
                        + " password, created_at) VALUES (:project, :blueprint, :tenant, :role, :epoch, :user,"
                        + " :password, :createdAt)")
                .bind("project", row.project().value())
                .bind("blueprint", row.name().blueprint())
                .bind("tenant", row.name().tenant())
                .bind("role", row.role().word())
                .bind("epoch", row.epoch())
                .bind("user", row.user())
                .bind("password", row.password())
                .bind("createdAt", createdAt)
                .execute();
    }

    /** Those that routes use now, of every project. */
    public List<Row> inUse() {
        return handle.createQuery("SELECT l.* FROM backend_logins l JOIN routes r ON r.project_id = l.project_id"
                        + " AND r.tenant = l.tenant AND r.blueprint = l.blueprint AND r.login_epoch = l.epoch")
                .map((rs, ctx) -> row(rs))
                .list();
    }

    public List<Row> of(ProjectId project, DatabaseName name, long epoch) {
        return handle.createQuery("SELECT * FROM backend_logins WHERE project_id = :project AND tenant = :tenant"
                        + " AND blueprint = :blueprint AND epoch = :epoch ORDER BY role")
                .bind("project", project.value())
                .bind("tenant", name.tenant())
                .bind("blueprint", name.blueprint())
                .bind("epoch", epoch)
                .map((rs, ctx) -> row(rs))
                .list();
    }

    /** All epochs. */
    public List<Row> all(ProjectId project, DatabaseName name) {
        return handle.createQuery("SELECT * FROM backend_logins WHERE project_id = :project AND tenant = :tenant"
                        + " AND blueprint = :blueprint ORDER BY epoch, role")
                .bind("project", project.value())
                .bind("tenant", name.tenant())
                .bind("blueprint", name.blueprint())
                .map((rs, ctx) -> row(rs))
                .list();
    }

    /** All logins of all projects. */
    public List<Row> everything() {
        return handle.createQuery("SELECT * FROM backend_logins ORDER BY username")
                .map((rs, ctx) -> row(rs))
                .list();
    }

    /** The same password, encrypted otherwise. @return whether it still was {@code before} */
    public boolean replacePassword(String user, String before, String after) {
        return PASSWORD.replace(handle, user, before, after);
    }

    public void delete(ProjectId project, DatabaseName name, long epoch) {
        handle.createUpdate("DELETE FROM backend_logins WHERE project_id = :project AND tenant = :tenant"
                        + " AND blueprint = :blueprint AND epoch = :epoch")
                .bind("project", project.value())
                .bind("tenant", name.tenant())
                .bind("blueprint", name.blueprint())
                .bind("epoch", epoch)
                .execute();
    }

    private static Row row(ResultSet rs) throws SQLException {
        return new Row(
                new ProjectId(rs.getString("project_id")),
                new DatabaseName(rs.getString("blueprint"), rs.getString("tenant")),
                Role.parse(rs.getString("role")),
                rs.getLong("epoch"),
                rs.getString("username"),
                rs.getString("password"));
    }
}
