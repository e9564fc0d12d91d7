package dev.tdb.control.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Answers that are kept for requests that may come again. */
public final class AnswerRows {
    /** The request is being answered, or was when its process died. */
    public static final String RUNNING = "running";

    public static final String ANSWERED = "answered";

    /** It was answered, with more than is kept. */
    public static final String TOO_LONG = "too_long";

    private static final SealedColumn REQUEST = new SealedColumn("kept_answers", "id", "request");
    private static final SealedColumn ANSWER = new SealedColumn("kept_answers", "id", "answer");

    /**
     * One request.
     *
     * @param request a digest of its body, encrypted
     * @param answer encrypted; empty unless it is {@link #ANSWERED}
     */
    public record Row(String id, String caller, String state, String request, String answer, long madeAt) {
        /** As they are written. */
        public long bytes() {
            return (long) request.length() + answer.length();
        }
    }

    /** How much is kept: of one caller, and of all. */
    public record Kept(long entries, long bytes, long allEntries, long allBytes) {}

    /** What can be removed. */
    public record Oldest(String id, long bytes) {}

    private final Handle handle;

    AnswerRows(Handle handle) {
        this.handle = handle;
    }

    public void insert(Row row) {
        handle.createUpdate("INSERT INTO kept_answers (id, caller, state, request, answer, bytes, made_at)"
                        + " VALUES (:id, :caller, :state, :request, :answer, :bytes, :madeAt)")
                .bind("id", row.id())
                .bind("caller", row.caller())
                .bind("state", row.state())
                .bind("request", row.request())
                .bind("answer", row.answer())
                .bind("bytes", row.bytes())
                .bind("madeAt", row.madeAt())
                .execute();
    }

    /** What is known of a request now. */
    public void update(Row row) {
        handle.createUpdate("UPDATE kept_answers SET state = :state, answer = :answer, bytes = :bytes WHERE id = :id")
                .bind("id", row.id())
                .bind("state", row.state())
                .bind("answer", row.answer())
                .bind("bytes", row.bytes())
                .execute();
    }

    public Optional<Row> find(String id) {
        return handle.createQuery("SELECT * FROM kept_answers WHERE id = :id")
                .bind("id", id)
                .map((rs, ctx) -> row(rs))
                .findOne();
    }

    public List<String> ids() {
        return handle.createQuery("SELECT id FROM kept_answers ORDER BY id")
                .mapTo(String.class)
                .list();
    }

    public Kept kept(String caller) {
        return handle.createQuery("SELECT count(*) AS all_entries, coalesce(sum(bytes), 0) AS all_bytes,"
                        + " coalesce(sum(CASE WHEN caller = :caller THEN 1 ELSE 0 END), 0) AS entries,"
                        + " coalesce(sum(CASE WHEN caller = :caller THEN bytes ELSE 0 END), 0) AS bytes"
                        + " FROM kept_answers")
                .bind("caller", caller)
                .map((rs, ctx) -> new Kept(
                        rs.getLong("entries"), rs.getLong("bytes"), rs.getLong("all_entries"), rs.getLong("all_bytes")))
                .one();
    }

    /** Of those that were answered, the oldest of a caller. */
    public Optional<Oldest> oldest(String caller) {
        return handle.createQuery("SELECT id, bytes FROM kept_answers WHERE caller = :caller AND state <> 'running'"
                        + " ORDER BY made_at, id LIMIT 1")
                .bind("caller", caller)
                .map((rs, ctx) -> new Oldest(rs.getString("id"), rs.getLong("bytes")))
                .findOne();
    }

    /** Of those that were answered, the oldest of all. */
    public Optional<Oldest> oldest() {
        return handle.createQuery(
                        "SELECT id, bytes FROM kept_answers WHERE state <> 'running' ORDER BY made_at, id LIMIT 1")
                .map((rs, ctx) -> new Oldest(rs.getString("id"), rs.getLong("bytes")))
                .findOne();
    }

    public void delete(String id) {
        handle.createUpdate("DELETE FROM kept_answers WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /** Those that were made until then. */
    public void deleteUntil(long madeAt) {
        handle.createUpdate("DELETE FROM kept_answers WHERE made_at <= :until")
                .bind("until", madeAt)
                .execute();
    }

    /** The same request, encrypted otherwise. @return whether it still was {@code before} */
    public boolean replaceRequest(String id, String before, String after) {
        return REQUEST.replace(handle, id, before, after);
    }

    /** The same answer, encrypted otherwise. @return whether it still was {@code before} */
    public boolean replaceAnswer(String id, String before, String after) {
        return ANSWER.replace(handle, id, before, after);
    }

    private static Row row(ResultSet rs) throws SQLException {
        return new Row(
                rs.getString("id"),
                rs.getString("caller"),
                rs.getString("state"),
                rs.getString("request"),
                rs.getString("answer"),
                rs.getLong("made_at"));
    }
}
