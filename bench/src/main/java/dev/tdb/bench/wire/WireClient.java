package dev.tdb.bench.wire;

import java.io.IOException;

/**
 * One connection without TLS, logged in, for one thread. A reply is read to its end and counted, not kept; a server's
 * error is thrown.
 */
public interface WireClient extends AutoCloseable {
    /** Connects and logs in. */
    static WireClient open(Endpoint endpoint) throws IOException {
        return switch (endpoint.engine()) {
            case POSTGRES -> PostgresClient.open(endpoint);
            case MYSQL -> MySqlClient.open(endpoint);
            case MONGODB, REDIS -> throw new IllegalArgumentException("no client for " + endpoint.engine());
        };
    }

    /**
     * Runs a text.
     *
     * @return bytes of the reply
     */
    long query(String sql) throws IOException;

    /** {@code sql} with a number behind it, ready to be asked in a mode. */
    PointQuery prepare(Mode mode, String sql) throws IOException;

    /** Rows of the last reply. */
    long rows();

    /** Loads {@code chunk}, lines of text, into a table of one column, {@code count} times in one statement. */
    void load(String table, byte[] chunk, int count) throws IOException;

    @Override
    void close() throws IOException;

    /** A statement that lacks a number. */
    interface PointQuery {
        void ask(int number) throws IOException;
    }
}
