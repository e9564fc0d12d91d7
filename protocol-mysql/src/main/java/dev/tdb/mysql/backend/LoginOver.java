package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.WholePacket;

/** The link stands, or never will: what the server says is not for the login any more. */
record LoginOver() implements LoginState {
    @Override
    public LoginState onPacket(WholePacket packet, LoginContext context) {
        return this;
    }

    @Override
    public LoginState onTls(LoginContext context) {
        return this;
    }

    @Override
    public LoginState onEnciphered(byte[] password, LoginContext context) {
        return this;
    }

    /** The bytes at hand are not the login's any more, nor is the buffer. */
    @Override
    public boolean readsPackets() {
        return false;
    }
}
