package dev.tdb.proxy.frontend;

/** Why a session ended in a move, where the core and not the protocol knows. Labels of metrics and replies. */
final class Reasons {
    static final String SERVER_REFUSED = "server refused";
    static final String NOT_DESCRIBED = "describe failed";
    static final String REPLAY_FAILED = "replay failed";
    static final String MESSAGE_OPEN = "message half sent";

    private Reasons() {}
}
