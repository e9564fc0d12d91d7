package dev.tdb.bench.wire;

import dev.tdb.mysql.message.ErrPacket;
import io.netty.buffer.Unpooled;
import java.io.IOException;

/**
 * Protocol 4.1, with results that an OK packet ends.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response.html">COM_QUERY
 *     Response</a>
 */
final class MySqlClient implements WireClient {
    private static final int HEADER_BYTES = 4;
    private static final int PAYLOAD_BYTES_MAX = 0xff_ffff;
    private static final int PREPARED_HEAD_BYTES = 9;
    private static final int OK = 0x00;
    private static final int LOCAL_INFILE = 0xfb;
    private static final int END = 0xfe;

    private final WireStream stream;
    private int payloadBytes;
    private int sequence;
    private long bytes;
    private long rows;

    private MySqlClient(WireStream stream) {
        this.stream = stream;
    }

    static MySqlClient open(Endpoint endpoint) throws IOException {
        WireStream stream = WireStream.connect(endpoint);
        try {
            MySqlClient client = new MySqlClient(stream);
            new MySqlLogin(client).logIn(endpoint);
            return client;
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    @Override
    public long query(String sql) throws IOException {
        stream.write(MySqlRequests.query(sql));
        return awaitResult();
    }

    @Override
    public PointQuery prepare(Mode mode, String sql) throws IOException {
        return switch (mode) {
            case SIMPLE -> number -> query(sql + number);
            case EXTENDED ->
                number -> {
                    int statement = prepare(sql + "?");
                    execute(statement, number);
                    stream.write(MySqlRequests.close(statement));
                };
            case PREPARED -> {
                int statement = prepare(sql + "?");
                yield number -> execute(statement, number);
            }
        };
    }

    /** @return the statement's id */
    private int prepare(String sql) throws IOException {
        stream.write(MySqlRequests.prepare(sql));
        throwError(readHeader());
        stream.need(PREPARED_HEAD_BYTES);
        stream.next();
        int id = stream.next() | stream.next() << 8 | stream.next() << 16 | stream.next() << 24;
        int definitions = (stream.next() | stream.next() << 8) + (stream.next() | stream.next() << 8);
        stream.skip(payloadBytes - PREPARED_HEAD_BYTES);
        for (int i = 0; i < definitions; i++) {
            readHeader();
            skipPayload();
        }
        return id;
    }

    private void execute(int statement, int number) throws IOException {
        stream.write(MySqlRequests.execute(statement, number));
        awaitResult();
    }

    @Override
    public void load(String table, byte[] chunk, int count) throws IOException {
        stream.write(MySqlRequests.query("LOAD DATA LOCAL INFILE 'chunks' INTO TABLE " + table));
        int first = readHeader();
        throwError(first);
        if (first != LOCAL_INFILE) {
            throw new WireException("no file was asked for");
        }
        skipPayload();
        for (int i = 0; i < count; i++) {
            stream.write(MySqlRequests.packet(++sequence & 0xff, chunk));
        }
        stream.write(MySqlRequests.packet(++sequence & 0xff));
        awaitResult();
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public void close() throws IOException {
        try (stream) {
            stream.write(MySqlRequests.QUIT);
        }
    }

    /**
     * Reads the reply to a command that is not answered by more than one result.
     *
     * @return bytes of it
     */
    private long awaitResult() throws IOException {
        rows = 0;
        bytes = 0;
        int first = readHeader();
        throwError(first);
        skipPayload();
        if (first == OK) {
            return bytes;
        }
        for (int columns = first; columns > 0; columns--) {
            readHeader();
            skipPayload();
        }
        while (true) {
            first = readHeader();
            throwError(first);
            skipPayload();
            if (first == END && payloadBytes < PAYLOAD_BYTES_MAX) {
                return bytes;
            }
            rows++;
        }
    }

    /** @param first what {@link #readHeader} has said */
    void throwError(int first) throws IOException {
        if (first == ErrPacket.FIRST) {
            throw new WireException(
                    ErrPacket.decode(Unpooled.wrappedBuffer(readPayload())).message());
        }
    }

    /** The first byte of the next packet's payload, all of which is to be read or skipped. */
    int readHeader() throws IOException {
        stream.need(HEADER_BYTES);
        payloadBytes = stream.next() | stream.next() << 8 | stream.next() << 16;
        sequence = stream.next();
        bytes += HEADER_BYTES + payloadBytes;
        if (payloadBytes == 0) {
            return -1;
        }
        stream.need(1);
        return stream.peek();
    }

    byte[] readPayload() throws IOException {
        return stream.read(payloadBytes);
    }

    /** Sends what belongs to the same exchange as the packet that was read last. */
    void answer(byte[] payload) throws IOException {
        stream.write(MySqlRequests.packet(++sequence & 0xff, payload));
    }

    private void skipPayload() throws IOException {
        stream.skip(payloadBytes);
    }
}
