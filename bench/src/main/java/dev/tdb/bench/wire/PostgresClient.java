package dev.tdb.bench.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Protocol 3.0.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public final class PostgresClient implements WireClient {
    private static final int HEADER_BYTES = 5;
    private static final byte[] TERMINATE = {'X', 0, 0, 0, 4};
    private static final String STATEMENT = "P0_1";

    private final WireStream stream;
    private int bodyBytes;
    private long rows;

    private PostgresClient(WireStream stream) {
        this.stream = stream;
    }

    public static PostgresClient open(Endpoint endpoint) throws IOException {
        WireStream stream = WireStream.connect(endpoint);
        try {
            PostgresClient client = new PostgresClient(stream);
            new PostgresLogin(client).logIn(endpoint);
            return client;
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    @Override
    public long query(String sql) throws IOException {
        return exchange(PostgresRequests.query(sql));
    }

    @Override
    public PointQuery prepare(Mode mode, String sql) throws IOException {
        return switch (mode) {
            case SIMPLE -> number -> query(sql + number + ";");
            case EXTENDED -> number -> exchange(PostgresRequests.extended(sql + "$1;", Integer.toString(number)));
            case PREPARED -> {
                exchange(PostgresRequests.prepare(STATEMENT, sql + "$1"));
                yield number -> exchange(PostgresRequests.execute(STATEMENT, Integer.toString(number)));
            }
        };
    }

    /**
     * Sends bytes that end with one Query or one Sync, and reads the reply.
     *
     * @return bytes of the reply
     */
    public long exchange(byte[] request) throws IOException {
        stream.write(request);
        return awaitReady();
    }

    @Override
    public void load(String table, byte[] chunk, int count) throws IOException {
        stream.write(PostgresRequests.query("COPY " + table + " FROM STDIN"));
        while (readHeader() != 'G') {
            skipBody();
        }
        skipBody();
        byte[] data = PostgresRequests.message('d', chunk);
        for (int i = 0; i < count; i++) {
            stream.write(data);
        }
        stream.write(PostgresRequests.message('c', new byte[0]));
        awaitReady();
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void close() throws IOException {
        try (stream) {
            stream.write(TERMINATE);
        }
    }

    private long awaitReady() throws IOException {
        rows = 0;
        long bytes = 0;
        while (true) {
            int type = readHeader();
            bytes += HEADER_BYTES + (long) bodyBytes;
            switch (type) {
                case 'D' -> {
                    rows++;
                    skipBody();
                }
                case 'E' -> throw new WireException(new String(readBody(), StandardCharsets.UTF_8).replace('\0', ' '));
                case 'Z' -> {
                    skipBody();
                    return bytes;
                }
                default -> skipBody();
            }
        }
    }

    void send(byte[] bytes) throws IOException {
        stream.write(bytes);
    }

    /** The next message's type; its body is to be read or skipped. */
    int readHeader() throws IOException {
        stream.need(HEADER_BYTES);
        int type = stream.next();
        bodyBytes = (stream.next() << 24 | stream.next() << 16 | stream.next() << 8 | stream.next()) - 4;
        return type;
    }

    byte[] readBody() throws IOException {
        return stream.read(bodyBytes);
    }

    private void skipBody() throws IOException {
        stream.skip(bodyBytes);
    }
}
