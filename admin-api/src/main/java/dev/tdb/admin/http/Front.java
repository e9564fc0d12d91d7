package dev.tdb.admin.http;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.answer.RequestName;
import dev.tdb.control.key.Principal;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What happens to every request before its endpoint sees it, in this order: its Accept header, its rate, its key, its
 * project, its role, its body and parameters. Stateless but for the limits and the replays; on the request's own thread.
 */
final class Front {
    static final String PROJECT_PARAMETER = "project";
    private static final String PROJECT_HEADER = "X-Project";
    private static final String IDEMPOTENCY_HEADER = "Idempotency-Key";
    private static final String BEARER = "bearer ";
    private static final int KEY_CHARS_MAX = 256;

    private final HttpSettings settings;
    private final Authenticator keys;
    private final RateLimits limits;
    private final Bodies bodies;
    private final Replays replays;

    Front(HttpSettings settings, Authenticator keys, RateLimits limits, Replays replays) {
        this.settings = settings;
        this.keys = keys;
        this.limits = limits;
        this.bodies = new Bodies(settings.bodyBytesMax());
        this.replays = replays;
    }

    /** Lets the request in and has it answered, or throws the {@link Failure} that says why not. */
    Reply answer(Context context, Endpoint endpoint, Answer.Enveloped enveloped) {
        accept(context, "application/json");
        Optional<Principal> caller = admit(context, endpoint.access());
        Optional<ProjectId> project = project(context, caller);
        byte[] bytes = bodies.read(context);
        Request request = new Request(
                context,
                caller,
                project,
                bodies.query(context.queryParamMap(), endpoint.query()),
                bodies.body(
                        bytes,
                        Objects.requireNonNullElse(context.req().getHeader("Content-Type"), ""),
                        endpoint.body()));
        String key = context.header(IDEMPOTENCY_HEADER);
        if (key == null || !endpoint.method().equals("POST")) {
            return enveloped.answer(request);
        }
        RequestName name = new RequestName(
                key,
                caller.map(Principal::keyId).orElse(""),
                request.project().map(ProjectId::value).orElse(""),
                context.path() + "?" + Objects.requireNonNullElse(context.queryString(), ""));
        return replays.once(name, CredentialBook.tokenSha256(Secret.of(bytes)), () -> enveloped.answer(request));
    }

    /** Lets a request in that is not answered in the envelope, and has no body. */
    Request letIn(Context context, Endpoint endpoint, String contentType) {
        accept(context, contentType);
        Optional<Principal> caller = admit(context, endpoint.access());
        return new Request(
                context,
                caller,
                project(context, caller),
                bodies.query(context.queryParamMap(), endpoint.query()),
                bodies.body(new byte[0], "", endpoint.body()));
    }

    private static void accept(Context context, String contentType) {
        String accept = context.header("Accept");
        if (accept == null || accept.isBlank()) {
            return;
        }
        String type = contentType.split(";", 2)[0];
        String family = type.substring(0, type.indexOf('/') + 1) + "*";
        boolean taken = Stream.of(accept.toLowerCase(Locale.ROOT).split(","))
                .map(range -> range.replace(" ", ""))
                .filter(range -> !range.matches(".*;q=0(\\.0{0,3})?"))
                .map(range -> range.split(";", 2)[0])
                .anyMatch(range -> List.of(type, family, "*/*").contains(range));
        if (!taken) {
            throw Failure.of(
                    Code.NOT_ACCEPTABLE,
                    "this path answers with " + type + ", the Accept header is '" + Shown.of(accept) + "'");
        }
    }

    /** What is public is answered without a look at the key, which the control database knows: it may be away. */
    private Optional<Principal> admit(Context context, Access access) {
        ClientAddress client = ClientAddress.of(context, settings.forwardedFrom());
        context.attribute(HttpServer.CLIENT, client.literal());
        boolean exempt = settings.loopbackExempt() && client.local();
        if (access == Access.PUBLIC) {
            if (!exempt) {
                limits.countAddress(client.literal());
            }
            return Optional.empty();
        }
        Principal principal = caller(context, client.literal(), exempt).orElseThrow(() -> denied(context));
        context.attribute(HttpServer.CALLER, principal.keyId());
        switch (principal) {
            case Principal.Operator operator -> {
                if (!settings.operatorExempt() && !exempt) {
                    limits.countKey(operator.keyId());
                }
            }
            case Principal.Member member -> {
                if (!exempt) {
                    limits.countKey(member.keyId());
                }
                requireRole(member, access);
            }
        }
        return Optional.of(principal);
    }

    /**
     * Nobody without a known key. Counted before anything is looked up, so that guessing keys costs the address that
     * guesses, and not the control database.
     */
    private Optional<Principal> caller(Context context, String address, boolean exempt) {
        Optional<String> key = key(context);
        if (key.isEmpty()) {
            if (!exempt) {
                limits.countAddress(address);
            }
            return Optional.empty();
        }
        if (exempt) {
            return key.flatMap(this::known);
        }
        limits.countGuess(address);
        Optional<Principal> caller = key.flatMap(this::known);
        if (caller.isPresent()) {
            limits.uncountGuess(address);
        }
        return caller;
    }

    private static Optional<String> key(Context context) {
        String header = context.header("Authorization");
        if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return Optional.empty();
        }
        return Optional.of(header.substring(BEARER.length()).strip())
                .filter(key -> !key.isEmpty() && key.length() <= KEY_CHARS_MAX);
    }

    private Optional<Principal> known(String key) {
        try {
            return Optional.of(keys.authenticate(key));
        } catch (ControlException refused) {
            if (refused.code() == ErrorCode.UNAUTHORIZED) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    private static Failure denied(Context context) {
        Failure failure = context.header("Authorization") == null
                ? Failure.of(Code.AUTH_REQUIRED, "the Authorization header is missing, expected 'Bearer <key>'")
                : Failure.of(Code.UNAUTHORIZED, "the key is not known, expected 'Authorization: Bearer <key>'");
        return failure.withHeader("WWW-Authenticate", "Bearer");
    }

    private static void requireRole(Principal.Member key, Access access) {
        boolean enough = switch (access) {
            case PUBLIC, READ -> true;
            case WRITE -> key.role() != Role.READ;
            case ADMIN -> key.role() == Role.ADMIN;
            case OPERATOR -> throw Failure.of(Code.SCOPE_DENIED, "only the operator's key reaches this");
        };
        if (!enough) {
            String needed = access == Access.ADMIN ? "admin" : "write";
            throw Failure.of(
                    Code.ROLE_REQUIRED,
                    "this needs a key with role " + needed + ", yours has role "
                            + key.role().word());
        }
    }

    private static Optional<ProjectId> project(Context context, Optional<Principal> caller) {
        String parameter = context.queryParam(PROJECT_PARAMETER);
        String header = context.header(PROJECT_HEADER);
        if (parameter != null && header != null && !parameter.equals(header)) {
            throw Failure.badRequest("parameter 'project' and header 'X-Project' name two projects");
        }
        String named = parameter == null ? header : parameter;
        if (named == null) {
            return Optional.empty();
        }
        if (!named.matches("[A-Za-z0-9_]{1,63}")) {
            throw Failure.badRequest("project '" + Shown.of(named) + "', expected an id such as tdb_2abf90d3");
        }
        ProjectId project = new ProjectId(named);
        boolean foreign = caller.isPresent()
                && caller.get() instanceof Principal.Member member
                && !member.project().equals(project);
        if (foreign) {
            throw Failure.of(Code.SCOPE_DENIED, "the key belongs to another project");
        }
        return Optional.of(project);
    }
}
