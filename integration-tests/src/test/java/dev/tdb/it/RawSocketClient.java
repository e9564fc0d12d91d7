package dev.tdb.it;

import dev.tdb.testkit.contract.Pace;
import dev.tdb.testkit.contract.RawClient;
import dev.tdb.testkit.wire.Bytes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What raw clients of every protocol do with their socket. Its receive buffer is small, so that it can be slow. */
abstract class RawSocketClient implements RawClient {
    private static final int RECEIVE_BYTES = 64 << 10;
    private static final int PIECE_BYTES = 64 << 10;
    private static final Duration NOBODY_TAKES = Duration.ofSeconds(1);

    private final InetSocketAddress proxy;
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    RawSocketClient(InetSocketAddress proxy) throws IOException {
        this.proxy = proxy;
        this.socket = connect(proxy);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BYTES);
        socket.setTcpNoDelay(true);
        socket.connect(address, Math.toIntExact(PATIENCE.toMillis()));
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        return socket;
    }

    /** The protocol's polite last word. */
    abstract Bytes goodbye();

    /** Waits longer than usual for what the server says next. */
    void waitUpTo(Duration patience) throws IOException {
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
    }

    int localPort() {
        return socket.getLocalPort();
    }

    InetSocketAddress proxy() {
        return proxy;
    }

    DataInputStream in() {
        return in;
    }

    void say(Bytes bytes, Pace pace) throws IOException {
        switch (pace) {
            case WHOLE -> write(bytes);
            case BYTE_BY_BYTE -> {
                for (int i = 0; i < bytes.length(); i++) {
                    write(bytes.slice(i, i + 1));
                }
            }
        }
    }

    private void write(Bytes bytes) throws IOException {
        bytes.writeTo(out);
        out.flush();
    }

    @Override
    public void send(Bytes bytes) throws IOException {
        write(bytes);
    }

    /** Writes a message. */
    interface Writer {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes a message that need not be whole anywhere. */
    void send(Writer message) throws IOException {
        BufferedOutputStream pieces = new BufferedOutputStream(out, PIECE_BYTES);
        message.writeTo(pieces);
        pieces.flush();
    }

    @Override
    public long sendUntilNobodyTakes(Bytes bytes) {
        AtomicLong taken = new AtomicLong();
        Thread.ofVirtual().start(() -> {
            try {
                for (int at = 0; at < bytes.length(); at += PIECE_BYTES) {
                    Bytes piece = bytes.slice(at, Math.min(bytes.length(), at + PIECE_BYTES));
                    piece.writeTo(out);
                    taken.addAndGet(piece.length());
                }
            } catch (IOException e) {
                // The test is over, and so is the connection.
            }
        });
        long before = -1;
        while (before != taken.get()) {
            before = taken.get();
            LockSupport.parkNanos(NOBODY_TAKES.toNanos());
        }
        return before;
    }

    @Override
    public boolean hearsNothing(Duration duration) throws IOException {
        socket.setSoTimeout(Math.toIntExact(duration.toMillis()));
        in.mark(1);
        try {
            in.read();
            in.reset();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        }
    }

    @Override
    public void close() throws IOException {
        if (!socket.isClosed()) {
            try {
                write(goodbye());
            } catch (SocketException e) {
                // Gone before us.
            }
            socket.close();
        }
    }

    @Override
    public void reset() throws IOException {
        if (!socket.isClosed()) {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }
}
