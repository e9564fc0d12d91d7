package dev.tdb.admin.http;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer before it has its envelope. Immutable.
 *
 * @param fields in the order they are shown; values are what Jackson can write: records, lists, text, numbers
 * @param headers besides those every reply has
 */
public record Reply(Code code, Map<String, Object> fields, Map<String, String> headers) {
    public Reply {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        headers = Map.copyOf(headers);
    }

    public static Reply ok() {
        return new Reply(Code.OK, Map.of(), Map.of());
    }

    public static Reply created() {
        return new Reply(Code.CREATED, Map.of(), Map.of());
    }

    public static Reply of(Failure failure) {
        return new Reply(failure.code(), Map.of("error", failure.sentence()), failure.headers());
    }

    /** A {@code no} of the control plane, with its sentence and, where there is one, its {@code operation_id}. */
    public static Reply of(ControlException refusal) {
        Reply reply = of(Failure.of(code(refusal.code()), refusal.sentence()));
        return refusal.operationId()
                .map(operation -> reply.with("operation_id", operation))
                .orElse(reply);
    }

    private static Code code(ErrorCode code) {
        return switch (code) {
            case BAD_REQUEST -> Code.BAD_REQUEST;
            case AUTH_REQUIRED -> Code.AUTH_REQUIRED;
            case UNAUTHORIZED -> Code.UNAUTHORIZED;
            case FORBIDDEN -> Code.FORBIDDEN;
            case ROLE_REQUIRED -> Code.ROLE_REQUIRED;
            case SCOPE_DENIED -> Code.SCOPE_DENIED;
            case PERMISSION_DENIED -> Code.PERMISSION_DENIED;
            case NOT_FOUND -> Code.NOT_FOUND;
            case CONFLICT -> Code.CONFLICT;
            case INTERNAL_ERROR -> Code.INTERNAL_ERROR;
            case NOT_IMPLEMENTED -> Code.NOT_IMPLEMENTED;
            case UNAVAILABLE -> Code.UNAVAILABLE;
        };
    }

    public Reply with(String field, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(fields);
        more.put(field, value);
        return new Reply(code, more, headers);
    }

    public Reply withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(code, fields, more);
    }

    /** A page of {@code all}, with its {@code count} and {@code has_more}. */
    public Reply withPage(String field, List<?> all, Page page) {
        int from = Math.min(page.offset(), all.size());
        int to = (int) Math.min((long) from + page.limit(), all.size());
        return with(field, all.subList(from, to)).with("count", to - from).with("has_more", to < all.size());
    }

    /** A page that was read with one item too many, which tells whether there are more. */
    public Reply withPeekedPage(String field, List<?> oneMore, Page page) {
        boolean more = oneMore.size() > page.limit();
        List<?> shown = more ? oneMore.subList(0, page.limit()) : oneMore;
        return with(field, shown).with("count", shown.size()).with("has_more", more);
    }

    /** {@link #fields} behind {@code success}, {@code http_status} and {@code code}. */
    public Map<String, Object> enveloped() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("success", code.success());
        all.put("http_status", code.status());
        all.put("code", code.word());
        all.putAll(fields);
        return all;
    }
}
