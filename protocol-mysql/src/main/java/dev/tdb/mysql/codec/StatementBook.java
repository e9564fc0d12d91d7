package dev.tdb.mysql.codec;

import dev.tdb.proxy.relay.KeptBytes;
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
    private final KeptBytes shared;
    private long keptBytes;
    private int forgotten;
    private @Nullable PreparedStatement last;

    /** @param shared is told what is kept here, and says whether there is room for more */
    public StatementBook(KeptBytes shared) {
        this.shared = shared;
    }

    /** The server has prepared {@code statement}. @return the id for the client */
    public int stands(PreparedStatement statement, int serverId, int parameters) {
        lastId = lastId == Integer.MAX_VALUE ? 1 : lastId + 1;
        statement.stands(lastId, serverId, parameters);
        if (statement.isClosed()) {
            return lastId; // by one who did not wait for its id
        }
        byId.put(lastId, statement);
        last = statement;
        keep(statement);
        return lastId;
    }

    /** An execution said what types the parameters of {@code statement} have. */
    public void bound(PreparedStatement statement, byte[] types) {
        if (statement.isClosed()) {
            return;
        }
        count(-statement.keptBytes());
        statement.bound(types);
        keep(statement);
    }

    private void keep(PreparedStatement statement) {
        int bytes = statement.keptBytes();
        boolean room = byId.size() <= STATEMENTS_MAX
                && keptBytes + bytes <= KEPT_BYTES_MAX
                && shared.hasRoom(keptBytes, bytes);
        if (!room && !statement.isForgotten()) {
            statement.forget();
            forgotten++;
        }
        count(statement.keptBytes());
    }

    private void count(long bytes) {
        keptBytes += bytes;
        shared.add(bytes);
    }

    /** Empty when there is none of that id. */
    public Optional<PreparedStatement> find(int clientId) {
        return Optional.ofNullable(clientId == LAST_ID ? last : byId.get(clientId));
    }

    public void closed(PreparedStatement statement) {
        if (byId.remove(statement.clientId(), statement)) {
            count(-statement.keptBytes());
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
        count(-keptBytes);
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
