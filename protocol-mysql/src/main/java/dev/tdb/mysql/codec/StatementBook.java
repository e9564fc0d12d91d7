package dev.tdb.mysql.codec;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client has prepared and not closed, by the ids we gave out. They count from 1 and are never used twice, whatever
 * server a statement stands on. Belongs to one event loop.
 */
public final class StatementBook {
    /** MariaDB's way to say "the one that was prepared last", so that a client need not wait for its id. */
    public static final int LAST_ID = -1;

    /** A longer text is not kept; such a statement cannot be prepared elsewhere. */
    public static final int TEXT_BYTES_MAX = 1 << 20;

    private static final int STATEMENTS_MAX = 10_000;
    /** Of all statements together; what is prepared beyond that stays where it is. */
    private static final int KEPT_BYTES_MAX = 16 << 20;

    private final Map<Integer, PreparedStatement> byId = new LinkedHashMap<>();
    private int lastId;
    private int open;
    private long keptBytes;
    private int forgotten;
    private @Nullable PreparedStatement last;

    /** The server has prepared {@code statement}. @return the id for the client */
    public int stands(PreparedStatement statement, int serverId, int parameters) {
        lastId = lastId == Integer.MAX_VALUE ? 1 : lastId + 1;
        statement.stands(lastId, serverId, parameters);
        if (statement.isClosed()) {
            return lastId; // by one who did not wait for its id
        }
        byId.put(lastId, statement);
        keptBytes += statement.keptBytes();
        last = statement;
        forgetIfTooMuch(statement);
        return lastId;
    }

    /** An execution said what types the parameters of {@code statement} have. */
    public void bound(PreparedStatement statement, byte[] types) {
        boolean counts = !statement.isClosed();
        keptBytes -= counts ? statement.keptBytes() : 0;
        statement.bound(types);
        if (counts) {
            keptBytes += statement.keptBytes();
            forgetIfTooMuch(statement);
        }
    }

    private void forgetIfTooMuch(PreparedStatement statement) {
        if (isTooMuch() && !statement.isForgotten()) {
            keptBytes -= statement.keptBytes();
            statement.forget();
            keptBytes += statement.keptBytes();
            forgotten++;
        }
    }

    private boolean isTooMuch() {
        return byId.size() > STATEMENTS_MAX || keptBytes > KEPT_BYTES_MAX;
    }

    /** What is kept of statements, in bytes. */
    public long keptBytes() {
        return keptBytes;
    }

    /** Empty when there is none of that id. */
    public Optional<PreparedStatement> find(int clientId) {
        return Optional.ofNullable(clientId == LAST_ID ? last : byId.get(clientId));
    }

    public void closed(PreparedStatement statement) {
        if (byId.remove(statement.clientId(), statement)) {
            keptBytes -= statement.keptBytes();
            forgotten -= statement.isForgotten() ? 1 : 0;
            opened(statement, false, false);
        }
        statement.close();
        if (statement.equals(last)) {
            last = null;
        }
    }

    public void allGone() {
        byId.values().forEach(PreparedStatement::close);
        byId.clear();
        last = null;
        keptBytes = 0;
        forgotten = 0;
        open = 0;
    }

    /** In the order they were prepared. */
    public Collection<PreparedStatement> all() {
        return byId.values();
    }

    /** Whether more is prepared than could be prepared elsewhere in good time. */
    public boolean isOverLimit() {
        return forgotten > 0;
    }

    /** A statement has a cursor, or data that was sent ahead, or has them no more. */
    public void opened(PreparedStatement statement, boolean cursor, boolean longData) {
        if (statement.isClosed()) {
            return; // a reply that came after the client had done with it
        }
        boolean was = statement.isCursorOpen() || statement.isLongDataSent();
        statement.cursor(cursor);
        statement.longData(longData);
        boolean is = cursor || longData;
        if (is != was) {
            open += is ? 1 : -1;
        }
    }

    /** Whether some statement is in the middle of something. */
    public boolean isAnyOpen() {
        return open > 0;
    }
}
