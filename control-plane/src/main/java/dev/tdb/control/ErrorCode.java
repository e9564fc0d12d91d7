package dev.tdb.control;

import java.util.Locale;

/** The {@code code} of an API reply that is not a success, and its HTTP status. */
public enum ErrorCode {
    BAD_REQUEST(400),
    AUTH_REQUIRED(401),
    UNAUTHORIZED(401),
    FORBIDDEN(403),
    ROLE_REQUIRED(403),
    SCOPE_DENIED(403),
    PERMISSION_DENIED(403),
    NOT_FOUND(404),
    CONFLICT(409),
    INTERNAL_ERROR(500),
    NOT_IMPLEMENTED(501),
    UNAVAILABLE(503);

    private final int httpStatus;

    ErrorCode(int httpStatus) {
        this.httpStatus = httpStatus;
    }

    public int httpStatus() {
        return httpStatus;
    }

    /** As the API says it: {@code not_found}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
