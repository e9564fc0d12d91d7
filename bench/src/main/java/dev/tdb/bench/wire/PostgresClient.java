package dev.tdb.bench.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * One connection of protocol 3.0 without TLS, for one thread. A reply is read to its ReadyForQuery and counted, not
 * kept; a server's error is thrown.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">Message Formats</a>
 */
public final class PostgresClient implements AutoCloseable {
    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final int READ_MILLIS_MAX = 60_000;
    private static final int RECEIVE_BYTES = 256 << 10;
    private static final byte[] TERMINATE = {'X', 0, 0, 0, 4};

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[RECEIVE_BYTES];
    private int from;
    private int to;
    private long rows;

    private PostgresClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Connects and logs in. */
    public static PostgresClient open(Endpoint endpoint) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_MILLIS_MAX);
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), CONNECT_MILLIS_MAX);
            PostgresClient client = new PostgresClient(socket);
            new PostgresLogin(client).logIn(endpoint);
            return client;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends bytes that end with one Query or one Sync, and reads the reply.
     *
     * @return bytes of the reply
     */
    public long exchange(byte[] request) throws IOException {
        out.write(request);
        return awaitReady();
    }

    /** Sends a {@code COPY … FROM STDIN}, {@code chunk} as data {@code count} times, and reads the end. */
    public void copyIn(String sql, byte[] chunk, int count) throws IOException {
        out.write(PostgresRequests.query(sql));
        while (readHeader() != 'G') {
            skipBody();
        }
        skipBody();
        byte[] data = PostgresRequests.message('d', chunk);
        for (int i = 0; i < count; i++) {
            out.write(data);
        }
        out.write(PostgresRequests.message('c', new byte[0]));
        awaitReady();
    }

    /** DataRows of the last reply. */
    public long rows() {
        return rows;
    }

    @Override
    public void close() throws IOException {
        try (socket) {
            out.write(TERMINATE);
        }
    }

    /** Closes without a goodbye. */
    public void abort() throws IOException {
        socket.close();
    }

    private long awaitReady() throws IOException {
        rows = 0;
        long bytes = 0;
        while (true) {
            int type = readHeader();
            bytes += 5L + bodyBytes;
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

    // ---- messages, for the login too

    private int bodyBytes;

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** The next message's type; its body is to be read or skipped. */
    int readHeader() throws IOException {
        need(5);
        int type = buffer[from];
        bodyBytes = ((buffer[from + 1] & 0xFF) << 24
                        | (buffer[from + 2] & 0xFF) << 16
                        | (buffer[from + 3] & 0xFF) << 8
                        | (buffer[from + 4] & 0xFF))
                - 4;
        from += 5;
        return type;
    }

    byte[] readBody() throws IOException {
        byte[] body = new byte[bodyBytes];
        int have = Math.min(bodyBytes, to - from);
        System.arraycopy(buffer, from, body, 0, have);
        from += have;
        if (in.readNBytes(body, have, bodyBytes - have) < bodyBytes - have) {
            throw new EOFException("the server closed the connection");
        }
        return body;
    }

    void skipBody() throws IOException {
        int rest = bodyBytes;
        while (rest > to - from) {
            rest -= to - from;
            from = 0;
            to = 0;
            need(1);
        }
        from += rest;
    }

    private void need(int count) throws IOException {
        if (to - from >= count) {
            return;
        }
        System.arraycopy(buffer, from, buffer, 0, to - from);
        to -= from;
        from = 0;
        while (to < count) {
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            to += read;
        }
    }
}
