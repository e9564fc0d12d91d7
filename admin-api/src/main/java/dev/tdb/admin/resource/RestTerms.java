package dev.tdb.admin.resource;

import dev.tdb.admin.http.Failure;
import dev.tdb.admin.http.Field;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Shape;
import dev.tdb.admin.http.Values;
import dev.tdb.control.tenant.SuspendTerms;
import dev.tdb.control.tenant.Suspension;
import java.time.Duration;

/** How a suspension is asked for and what it answers, of a tenant or of one route. */
final class RestTerms {
    static final Field[] FIELDS = {
        Field.optional(
                "patience",
                new Shape.Span(),
                "how long each query waits before it is refused, up to 1h; 0 refuses at once; as the blueprint says if"
                        + " not given"),
        Field.optional("wait", Shape.Word.of("drained"), "answer when nothing is in flight any more"),
        Field.optional("timeout", new Shape.Span(), "of that wait, up to 10m; 30s if not given")
    };
    private static final Duration PATIENCE_MAX = Duration.ofHours(1);
    private static final Duration TIMEOUT_MAX = Duration.ofMinutes(10);

    private RestTerms() {}

    static SuspendTerms of(Values body) {
        return new SuspendTerms(
                body.spanIfAny("patience").map(span -> bounded("patience", span, PATIENCE_MAX)),
                body.textIfAny("wait").isPresent(),
                bounded("timeout", body.spanIfAny("timeout").orElse(SuspendTerms.TIMEOUT_DEFAULT), TIMEOUT_MAX));
    }

    private static Duration bounded(String name, Duration span, Duration max) {
        if (span.compareTo(max) > 0) {
            throw Failure.badRequest("field '" + name + "' is longer than " + max.toMinutes() + "m");
        }
        return span;
    }

    static Reply counted(Reply reply, Suspension found) {
        return reply.with("sessions", found.sessions())
                .with("in_flight", found.inFlight())
                .with("held", found.held())
                .with("drained", found.drained())
                .with("operation_id", found.operationId());
    }
}
