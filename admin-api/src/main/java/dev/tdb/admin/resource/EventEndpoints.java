package dev.tdb.admin.resource;

import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Answer;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.EventStream;
import dev.tdb.admin.http.Request;
import dev.tdb.control.event.Event;
import dev.tdb.control.event.Events;
import dev.tdb.control.event.Subscription;
import dev.tdb.proxy.credential.ProjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /events}: what changes, as it changes. */
public final class EventEndpoints {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration BEAT = Duration.ofSeconds(15);

    private final Reach reach;
    private final Events events;

    public EventEndpoints(Reach reach, Events events) {
        this.reach = reach;
        this.events = events;
    }

    record Shown(Instant at, String project, String tenantId, Map<String, Object> data) {}

    public List<Endpoint> endpoints() {
        return List.of(new Endpoint(
                "GET",
                "/events",
                Access.READ,
                "Server-sent events: tenants, routes, operations, holds",
                List.of(),
                List.of(),
                (Answer.Stream) this::stream));
    }

    private Answer.Feed stream(Request request) {
        reach.requireProject(request);
        String project = reach.projectIfAny(request).map(ProjectId::value).orElse("");
        return out -> feed(project, out);
    }

    private void feed(String project, EventStream out) throws InterruptedException {
        try (Subscription subscription = events.subscribe(project)) {
            out.beat();
            Duration quiet = Duration.ZERO;
            while (out.isOpen() && !subscription.cut()) {
                Optional<Event> next = subscription.next(LOOK);
                next.ifPresent(event -> out.send(
                        event.id(),
                        event.type(),
                        new Shown(event.at(), event.project(), event.tenant(), event.data())));
                quiet = next.isPresent() ? Duration.ZERO : quiet.plus(LOOK);
                if (quiet.compareTo(BEAT) >= 0) {
                    out.beat();
                    quiet = Duration.ZERO;
                }
            }
        }
    }
}
