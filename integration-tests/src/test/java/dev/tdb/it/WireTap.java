package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Stands before a server or a proxy, passes plaintext connections on, and writes down what comes back. */
final class WireTap implements AutoCloseable {
    private static final int PIECE_BYTES = 128 << 10;
    private static final int SSL_REQUEST = 80877103;
    private static final int GSSENC_REQUEST = 80877104;
    private static final int CODES_MIN = 80877000;
    private static final int PATIENCE_SECONDS = 30;

    private final InetSocketAddress far;
    private final ServerSocket listening;
    private final List<Line> lines = new ArrayList<>();

    /** One connection. */
    private record Line(ServerWords words, CountDownLatch ended, Socket near, Socket far) {}

    WireTap(String host, int port) throws IOException {
        this.far = new InetSocketAddress(host, port);
        this.listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("tap").start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                Socket server = new Socket();
                server.connect(far);
                near.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Line line = new Line(new ServerWords(), new CountDownLatch(2), near, server);
                synchronized (lines) {
                    lines.add(line);
                }
                Thread.ofVirtual().name("tap-to-server").start(() -> toServer(line));
                Thread.ofVirtual().name("tap-from-server").start(() -> fromServer(line));
            } catch (IOException e) {
                // Closed; a server that cannot be reached is seen by the client.
            }
        }
    }

    private void toServer(Line line) {
        try {
            DataInputStream in = new DataInputStream(line.near().getInputStream());
            OutputStream out = line.far().getOutputStream();
            int code = CODES_MIN;
            while (code >= CODES_MIN) {
                byte[] packet = new byte[in.readInt() - 4];
                in.readFully(packet);
                java.nio.ByteBuffer whole = java.nio.ByteBuffer.allocate(packet.length + 4);
                whole.putInt(packet.length + 4).put(packet);
                code = whole.getInt(4);
                if (code == SSL_REQUEST || code == GSSENC_REQUEST) {
                    line.words().expectLoneByte();
                }
                out.write(whole.array());
            }
            pump(in, out, null);
            line.far().shutdownOutput();
        } catch (IOException e) {
            cut(line);
        } finally {
            line.ended().countDown();
        }
    }

    private void fromServer(Line line) {
        try {
            pump(line.far().getInputStream(), line.near().getOutputStream(), line.words());
            line.near().shutdownOutput();
        } catch (IOException e) {
            cut(line);
        } finally {
            line.ended().countDown();
        }
    }

    private static void pump(InputStream in, OutputStream out, @org.jspecify.annotations.Nullable ServerWords words)
            throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
            if (words != null) {
                words.hear(piece, read);
            }
            out.write(piece, 0, read);
        }
    }

    private static void cut(Line line) {
        try {
            line.near().close();
            line.far().close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What came back on each connection, in the order they were made; waits until all of them have ended. */
    List<List<String>> conversations() throws InterruptedException {
        List<Line> all;
        synchronized (lines) {
            all = List.copyOf(lines);
        }
        List<List<String>> conversations = new ArrayList<>();
        for (Line line : all) {
            assertThat(line.ended().await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("the connection ends")
                    .isTrue();
            conversations.add(line.words().all());
        }
        return conversations;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        synchronized (lines) {
            lines.forEach(WireTap::cut);
        }
    }
}
