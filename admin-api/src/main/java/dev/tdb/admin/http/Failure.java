package dev.tdb.admin.http;

import java.util.Map;

/** A request is answered with "no": a code, and a sentence for people. Carries no stack, since nothing is broken. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Code code;
    private final transient Map<String, String> headers;

    private Failure(Code code, String sentence, Map<String, String> headers) {
        super(sentence, null, false, false);
        this.code = code;
        this.headers = Map.copyOf(headers);
    }

    public static Failure of(Code code, String sentence) {
        return new Failure(code, sentence, Map.of());
    }

    public static Failure badRequest(String sentence) {
        return of(Code.BAD_REQUEST, sentence);
    }

    public static Failure notFound(String sentence) {
        return of(Code.NOT_FOUND, sentence);
    }

    public static Failure conflict(String sentence) {
        return of(Code.CONFLICT, sentence);
    }

    public static Failure rateLimited(long retryAfterSeconds) {
        return new Failure(
                Code.RATE_LIMITED,
                "too many requests: try again in " + retryAfterSeconds + " s",
                Map.of("Retry-After", Long.toString(retryAfterSeconds)));
    }

    public Failure withHeader(String name, String value) {
        return new Failure(code, sentence(), Map.of(name, value));
    }

    public Code code() {
        return code;
    }

    public String sentence() {
        String message = getMessage();
        return message == null ? code.meaning() : message;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
