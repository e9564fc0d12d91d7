package dev.tdb.admin.http;

import dev.tdb.control.key.Principal;
import dev.tdb.proxy.credential.ProjectId;
import io.javalin.http.Context;
import java.util.Objects;
import java.util.Optional;

/** One request that has been let in: its caller is known, its values have the declared shapes. */
public final class Request {
    private final Context context;
    private final Optional<Principal> caller;
    private final Optional<ProjectId> namedProject;
    private final Values query;
    private final Values body;

    Request(Context context, Optional<Principal> caller, Optional<ProjectId> namedProject, Values query, Values body) {
        this.context = context;
        this.caller = caller;
        this.namedProject = namedProject;
        this.query = query;
        this.body = body;
    }

    /** Who calls; of an endpoint that is not {@link Access#PUBLIC}. */
    public Principal caller() {
        return caller.orElseThrow();
    }

    /** The address it comes from. */
    public String client() {
        return Objects.requireNonNullElse(context.<String>attribute(HttpServer.CLIENT), context.ip());
    }

    /** The project the operator named, or the key's own; empty when an operator named none. */
    public Optional<ProjectId> project() {
        return caller.flatMap(principal -> switch (principal) {
            case Principal.Member member -> Optional.of(member.project());
            case Principal.Operator _ -> namedProject;
        });
    }

    /** A parameter of the path, decoded. */
    public String path(String name) {
        return context.pathParam(name);
    }

    public Values query() {
        return query;
    }

    public Values body() {
        return body;
    }

    public Page page() {
        return page(Page.LIMIT_DEFAULT);
    }

    public Page page(int limitDefault) {
        return new Page(
                query.wholeIfAny("limit").orElse(limitDefault),
                query.wholeIfAny("offset").orElse(0));
    }
}
