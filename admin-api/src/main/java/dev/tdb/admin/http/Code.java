package dev.tdb.admin.http;

import java.util.Locale;
import java.util.Optional;

/** What a reply's {@code code} may be; the table that {@code GET /errors} shows. */
public enum Code {
    OK(200, "it was done"),
    CREATED(201, "it was made"),
    BAD_REQUEST(400, "malformed JSON, an unknown field, a missing or invalid value; the sentence names the field"),
    AUTH_REQUIRED(401, "the Authorization header is missing"),
    UNAUTHORIZED(401, "the key is not known"),
    FORBIDDEN(403, "not allowed here, or by a limit"),
    ROLE_REQUIRED(403, "the key's role is too low"),
    SCOPE_DENIED(403, "the key's scope does not cover it"),
    PERMISSION_DENIED(403, "the database refused the role"),
    NOT_FOUND(404, "there is no such thing"),
    METHOD_NOT_ALLOWED(405, "this path has other methods; the Allow header lists them"),
    NOT_ACCEPTABLE(406, "the Accept header excludes what this path answers with"),
    CONFLICT(409, "it exists already or is in the wrong state; the sentence says what would help"),
    PAYLOAD_TOO_LARGE(413, "the body is larger than the limit"),
    UNSUPPORTED_MEDIA_TYPE(415, "a body must be application/json in UTF-8"),
    RATE_LIMITED(429, "too many requests; the Retry-After header says when to come again"),
    INTERNAL_ERROR(500, "a fault of tdb; it is logged under the request_id of the reply"),
    NOT_IMPLEMENTED(501, "this build cannot do it yet"),
    UNAVAILABLE(503, "the control database, or a part of tdb that is needed, cannot be reached");

    private final int status;
    private final String meaning;

    Code(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** When it is given, for people. */
    public String meaning() {
        return meaning;
    }

    /** The value of {@code code} in a reply. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean success() {
        return status < 400;
    }

    /** The first code with an HTTP status; empty when no code has it. */
    public static Optional<Code> ofStatus(int status) {
        for (Code code : values()) {
            if (code.status == status) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
