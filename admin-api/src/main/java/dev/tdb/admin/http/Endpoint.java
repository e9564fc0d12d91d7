package dev.tdb.admin.http;

import java.util.List;

/**
 * One method on one path: who may call it, what it takes, how it answers. The server, its 405 replies and the OpenAPI
 * document are all made from these.
 *
 * @param path with parameters in braces: {@code /tenants/{id}}
 * @param summary one line for people
 * @param query what may stand behind the question mark
 * @param body the fields of its JSON body; empty when it takes none
 */
public record Endpoint(
        String method, String path, Access access, String summary, List<Field> query, List<Field> body, Answer answer) {
    public Endpoint {
        query = List.copyOf(query);
        body = List.copyOf(body);
    }

    public static Endpoint get(String path, Access access, String summary, Answer.Enveloped answer) {
        return new Endpoint("GET", path, access, summary, List.of(), List.of(), answer);
    }

    public static Endpoint post(String path, Access access, String summary, Answer.Enveloped answer) {
        return new Endpoint("POST", path, access, summary, List.of(), List.of(), answer);
    }

    public static Endpoint put(String path, Access access, String summary, Answer.Enveloped answer) {
        return new Endpoint("PUT", path, access, summary, List.of(), List.of(), answer);
    }

    public static Endpoint patch(String path, Access access, String summary, Answer.Enveloped answer) {
        return new Endpoint("PATCH", path, access, summary, List.of(), List.of(), answer);
    }

    public static Endpoint delete(String path, Access access, String summary, Answer.Enveloped answer) {
        return new Endpoint("DELETE", path, access, summary, List.of(), List.of(), answer);
    }

    public Endpoint query(Field... fields) {
        return new Endpoint(method, path, access, summary, List.of(fields), body, answer);
    }

    public Endpoint body(Field... fields) {
        return new Endpoint(method, path, access, summary, query, List.of(fields), answer);
    }

    /** The two fields of every list that is answered in pages. */
    public Endpoint paged() {
        return paged(Page.LIMIT_DEFAULT);
    }

    public Endpoint paged(int limitDefault) {
        List<Field> more = new java.util.ArrayList<>(query);
        more.add(Field.optional(
                "limit", new Shape.Whole(1, Page.LIMIT_MAX), "how many to answer, " + limitDefault + " if not given"));
        more.add(Field.optional("offset", new Shape.Whole(0, Integer.MAX_VALUE), "how many to skip"));
        return new Endpoint(method, path, access, summary, more, body, answer);
    }
}
