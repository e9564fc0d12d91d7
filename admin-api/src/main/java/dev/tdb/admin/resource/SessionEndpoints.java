package dev.tdb.admin.resource;

import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import dev.tdb.admin.http.Shape;
import dev.tdb.admin.http.Shown;
import dev.tdb.control.plane.SessionDirectory;
import dev.tdb.control.plane.SessionView;
import dev.tdb.proxy.credential.ProjectId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code /sessions}: who is connected to this node. */
public final class SessionEndpoints {
    private final Reach reach;
    private final SessionDirectory sessions;

    public SessionEndpoints(Reach reach, SessionDirectory sessions) {
        this.reach = reach;
        this.sessions = sessions;
    }

    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/sessions", Access.OPERATOR, "List sessions, oldest first", this::list)
                        .query(Field.optional("database", Shape.text(63), "only those of one route"))
                        .paged(),
                Endpoint.delete("/sessions/{id}", Access.OPERATOR, "End a session", this::end));
    }

    private Reply list(Request request) {
        String database = request.query().textIfAny("database").orElse("");
        Optional<ProjectId> project = reach.projectIfAny(request);
        List<SessionView> found = sessions.list().stream()
                .filter(session ->
                        project.map(of -> of.value().equals(session.project())).orElse(true))
                .filter(session -> database.isEmpty() || database.equals(session.database()))
                .sorted(Comparator.comparing(SessionView::since))
                .toList();
        return Reply.ok().withPage("sessions", found, request.page());
    }

    private Reply end(Request request) {
        String id = request.path("id");
        if (!sessions.end(id)) {
            throw Failure.notFound("Session not found: " + Shown.of(id));
        }
        return Reply.ok().with("session_id", id).with("message", "Session '" + id + "' is ended");
    }
}
