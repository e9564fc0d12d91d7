package dev.tdb.control.mysql;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Sockets that a server can say no more than {@value #BYTES_MAX} bytes on. A row may be as long as the server lets it be,
 * and the driver reads it whole; it makes the factory itself, by its name.
 */
public final class BoundedSocketFactory extends SocketFactory {
    static final int BYTES_MAX = 16 << 20;

    /** What the error says. */
    static final String TOO_MUCH = "more than 16 MiB were answered";

    @Override
    public Socket createSocket() {
        return new Bounded();
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    /** One connection's; read by one thread. */
    private static final class Bounded extends Socket {
        private long left = BYTES_MAX;

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    return counted(super.read() < 0 ? -1 : 1);
                }

                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    return counted(super.read(into, from, length));
                }
            };
        }

        private int counted(int bytes) throws IOException {
            left -= Math.max(0, bytes);
            if (left < 0) {
                throw new IOException(TOO_MUCH);
            }
            return bytes;
        }
    }
}
