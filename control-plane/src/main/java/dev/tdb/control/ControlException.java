package dev.tdb.control;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The control plane's "no": a code for programs and a sentence for people, fit to be shown to a caller as it is. */
public final class ControlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final @Nullable String operationId;

    private ControlException(ErrorCode code, String sentence, @Nullable String operationId, @Nullable Throwable cause) {
        super(sentence, cause);
        this.code = code;
        this.operationId = operationId;
    }

    public ControlException(ErrorCode code, String sentence) {
        this(code, sentence, null, null);
    }

    public ControlException(ErrorCode code, String sentence, Throwable cause) {
        this(code, sentence, null, cause);
    }

    public static ControlException badRequest(String sentence) {
        return new ControlException(ErrorCode.BAD_REQUEST, sentence);
    }

    public static ControlException notFound(String sentence) {
        return new ControlException(ErrorCode.NOT_FOUND, sentence);
    }

    public static ControlException conflict(String sentence) {
        return new ControlException(ErrorCode.CONFLICT, sentence);
    }

    /** A conflict that an operation is the reason of: one that runs already, or the one that has just failed. */
    public static ControlException conflict(String sentence, String operationId) {
        return new ControlException(ErrorCode.CONFLICT, sentence, operationId, null);
    }

    /** An operation that was begun cannot be ended now, and will be later. */
    public static ControlException unavailable(String sentence, String operationId, Throwable cause) {
        return new ControlException(ErrorCode.UNAVAILABLE, sentence, operationId, cause);
    }

    public ErrorCode code() {
        return code;
    }

    /** What a person is told. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    /** The operation to look at, when there is one. */
    public Optional<String> operationId() {
        return Optional.ofNullable(operationId);
    }
}
