package dev.tdb.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** Ports for programs that cannot choose one themselves. */
final class FreePort {
    private static final int TRIES_MAX = 200;

    private FreePort() {}

    static int choose() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** Returns when somebody listens there. */
    static void await(int port, Program program) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES_MAX; i++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException _) {
                if (!program.isAlive()) {
                    break;
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw new IOException("nobody listens on port " + port + ": " + program.tail());
    }
}
