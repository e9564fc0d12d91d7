package dev.tdb.bench.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A blocking connection, and what was read of it ahead. */
final class WireStream implements AutoCloseable {
    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final int READ_MILLIS_MAX = 60_000;
    private static final int RECEIVE_BYTES = 256 << 10;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[RECEIVE_BYTES];
    private int from;
    private int to;

    private WireStream(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    static WireStream connect(Endpoint endpoint) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_MILLIS_MAX);
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), CONNECT_MILLIS_MAX);
            return new WireStream(socket);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Waits until {@code count} bytes can be had by {@link #next} and {@link #peek}. */
    void need(int count) throws IOException {
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

    /** The next byte that was needed, unsigned. */
    int next() {
        return buffer[from++] & 0xff;
    }

    /** The next byte that was needed, unsigned; it is still to be read. */
    int peek() {
        return buffer[from] & 0xff;
    }

    byte[] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        int have = Math.min(count, to - from);
        System.arraycopy(buffer, from, bytes, 0, have);
        from += have;
        if (in.readNBytes(bytes, have, count - have) < count - have) {
            throw new EOFException("the server closed the connection");
        }
        return bytes;
    }

    void skip(int count) throws IOException {
        int rest = count;
        while (rest > to - from) {
            rest -= to - from;
            from = 0;
            to = 0;
            need(1);
        }
        from += rest;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
