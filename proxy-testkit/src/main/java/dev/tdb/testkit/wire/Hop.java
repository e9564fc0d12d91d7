package dev.tdb.testkit.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A stretch of network before a server: passes bytes both ways, counts them, and can be stalled, cut or shut as a
 * network can. Listens on loopback. Safe for use by many threads.
 */
public final class Hop implements AutoCloseable {
    private static final int PIECE_BYTES = 64 << 10;

    private final InetSocketAddress server;
    private final ServerSocket listening;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong bytesToServer = new AtomicLong();
    private final AtomicLong bytesFromServer = new AtomicLong();
    private final Valve valve = new Valve();
    private volatile boolean refusing;

    public Hop(InetSocketAddress server) throws IOException {
        this.server = server;
        this.listening = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("hop-accept").start(this::accept);
    }

    /** Where to connect to, instead of to the server. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), listening.getLocalPort());
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                if (refusing) {
                    reset(near);
                } else {
                    join(near);
                }
            } catch (IOException e) {
                // Closed, or the server refuses: the near side was reset, which is all a network would say.
            }
        }
    }

    private void join(Socket near) throws IOException {
        sockets.add(near);
        Socket far = new Socket();
        try {
            far.connect(server);
            far.setTcpNoDelay(true);
            near.setTcpNoDelay(true);
        } catch (IOException e) {
            reset(near);
            throw e;
        }
        sockets.add(far);
        accepted.incrementAndGet();
        open.incrementAndGet();
        AtomicLong halves = new AtomicLong(2);
        Thread.ofVirtual().name("hop-to-server").start(() -> pump(near, far, bytesToServer, halves));
        Thread.ofVirtual().name("hop-from-server").start(() -> pump(far, near, bytesFromServer, halves));
    }

    private void pump(Socket from, Socket to, AtomicLong counter, AtomicLong halves) {
        byte[] piece = new byte[PIECE_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                valve.pass();
                out.write(piece, 0, read);
                counter.addAndGet(read);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            // One side is gone: so is the other.
            reset(from);
            reset(to);
        } finally {
            if (halves.decrementAndGet() == 0) {
                open.decrementAndGet();
                quietlyClose(from);
                quietlyClose(to);
            }
        }
    }

    /** Nothing passes any more, either way, until {@link #flow()}; connections stay. */
    public void stall() {
        valve.set(true);
    }

    public void flow() {
        valve.set(false);
    }

    /** Resets every connection that there is. */
    public void cut() {
        sockets.forEach(this::reset);
    }

    /** Resets every connection there is, and every one that is tried until {@link #admit()}. */
    public void refuse() {
        refusing = true;
        cut();
    }

    public void admit() {
        refusing = false;
    }

    /** How many connections were ever made. */
    public long accepted() {
        return accepted.get();
    }

    /** How many connections there are. */
    public long open() {
        return open.get();
    }

    /** Bytes that the server's side of the network took. */
    public long bytesToServer() {
        return bytesToServer.get();
    }

    /** Bytes of the server that the near side of the network took. */
    public long bytesFromServer() {
        return bytesFromServer.get();
    }

    private void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            // Closed already.
        }
        quietlyClose(socket);
    }

    private void quietlyClose(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        valve.set(false);
        cut();
    }

    /** Shut, whoever wants to pass waits. */
    private static final class Valve {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private boolean shut;

        void set(boolean shut) {
            lock.lock();
            try {
                this.shut = shut;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        void pass() {
            lock.lock();
            try {
                while (shut) {
                    changed.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
