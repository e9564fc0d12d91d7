package dev.tdb.local;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * TCP ports of the loopback address, where all local servers listen.
 *
 * <p>An answer is true when it is given and may be false a moment later. Whoever starts a server on a free port must be
 * ready to take another one when the server cannot bind.
 */
final class Ports {
    static final String HOST = "127.0.0.1";

    private Ports() {}

    static int anyFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new LocalServerException("no free port on " + HOST, e);
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as servers do: connections that linger in TIME_WAIT do not count
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(HOST), port));
            return true;
        } catch (BindException _) {
            return false;
        } catch (IOException e) {
            throw new LocalServerException("cannot test port " + port + " of " + HOST, e);
        }
    }
}
