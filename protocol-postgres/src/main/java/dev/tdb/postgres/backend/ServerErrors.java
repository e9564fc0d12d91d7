package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.proxy.backend.LinkFailure;
import io.netty.buffer.ByteBuf;

/** Which errors of a login are the client's business, and which are ours. */
final class ServerErrors {
    private static final String INVALID_AUTHORIZATION_CLASS = "28";
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    /** The server's function that refuses a login the database; others refuse with the same code what a client asked. */
    private static final String DATABASE_CHECK = "CheckMyDatabase";

    private static final int REASON_CHARS_MAX = 300;

    private ServerErrors() {}

    /** @param message the error as it came; owned by the result */
    static LinkFailure failure(ErrorResponse error, ByteBuf message) {
        String reason = "the server said " + error.sqlState() + ": " + error.message();
        String shortened = reason.length() <= REASON_CHARS_MAX ? reason : reason.substring(0, REASON_CHARS_MAX);
        return isAboutOurLogin(error)
                ? new LinkFailure.Unreachable(shortened)
                : new LinkFailure.Rejected(shortened, message);
    }

    private static boolean isAboutOurLogin(ErrorResponse error) {
        return error.sqlState().startsWith(INVALID_AUTHORIZATION_CLASS)
                || (error.sqlState().equals(INSUFFICIENT_PRIVILEGE)
                        && error.routine().equals(DATABASE_CHECK));
    }
}
