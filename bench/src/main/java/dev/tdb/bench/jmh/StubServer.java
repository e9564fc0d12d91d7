package dev.tdb.bench.jmh;

import dev.tdb.bench.wire.PostgresRequests;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** Says to every client, in PostgreSQL's words, the same reply to each Query and each Sync, and knows no password. */
final class StubServer implements AutoCloseable {
    private final ServerSocket listener;
    private final byte[] toQuery;
    private final byte[] toSync;

    StubServer(byte[] toQuery, byte[] toSync) throws IOException {
        this.toQuery = toQuery.clone();
        this.toSync = toSync.clone();
        this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("stub").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Thread.ofPlatform().daemon().name("stub-client").start(() -> serve(client));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            OutputStream out = socket.getOutputStream();
            in.skipNBytes(in.readInt() - 4L);
            out.write(Replies.login());
            while (true) {
                int type = in.readByte();
                in.skipNBytes(in.readInt() - 4L);
                switch (type) {
                    case 'Q' -> out.write(toQuery);
                    case 'S' -> out.write(toSync);
                    case 'X' -> {
                        return;
                    }
                    default -> {
                        // Answered at the Sync.
                    }
                }
            }
        } catch (EOFException | SocketException _) {
            // The client went away.
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What {@link PostgresRequests#execute} is answered with. */
    static StubServer ofPgbench() throws IOException {
        return new StubServer(Replies.simple(), Replies.prepared());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
