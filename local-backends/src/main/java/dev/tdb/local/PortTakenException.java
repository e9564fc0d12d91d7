package dev.tdb.local;

/** The port a server was told to use belongs to another process. */
public final class PortTakenException extends LocalServerException {
    private static final long serialVersionUID = 1;

    private final int port;

    PortTakenException(int port) {
        super("port " + port + " of " + Ports.HOST + " is taken by another process");
        this.port = port;
    }

    public int port() {
        return port;
    }
}
