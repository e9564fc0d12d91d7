package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.HandshakeV10;
import dev.tdb.mysql.message.WholePacket;

/**
 * TLS was asked for; who we are is said within it.
 *
 * @param sequence of what we say next
 */
record UpgradingToTls(HandshakeV10 greeting, int sequence) implements LoginState {
    @Override
    public LoginState onPacket(WholePacket packet, LoginContext context) {
        throw unexpected(packet);
    }

    @Override
    public LoginState onTls(LoginContext context) {
        return Authenticating.begin(greeting, sequence, true, context);
    }

    /** What is behind the server's consent is not read in plaintext. */
    @Override
    public boolean readsPackets() {
        return false;
    }
}
