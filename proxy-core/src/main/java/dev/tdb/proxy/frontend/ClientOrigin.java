package dev.tdb.proxy.frontend;

import java.net.InetSocketAddress;

/**
 * Where a client is.
 *
 * @param address the client's own, as far as it is known; that of who speaks for it otherwise
 * @param isLocal whether client and proxy, and whoever is between them, are on this machine for certain
 */
public record ClientOrigin(InetSocketAddress address, boolean isLocal) {
    /** Nobody is between us. */
    public static ClientOrigin direct(InetSocketAddress peer) {
        return new ClientOrigin(peer, isLoopback(peer));
    }

    /** {@code peer} speaks for a client, and says where that is. */
    public static ClientOrigin behind(InetSocketAddress peer, InetSocketAddress client) {
        return new ClientOrigin(client, isLoopback(peer) && isLoopback(client));
    }

    /** {@code peer} speaks for a client, and does not say where that is. */
    public static ClientOrigin unknownBehind(InetSocketAddress peer) {
        return new ClientOrigin(peer, false);
    }

    private static boolean isLoopback(InetSocketAddress address) {
        return address.getAddress() != null && address.getAddress().isLoopbackAddress();
    }
}
