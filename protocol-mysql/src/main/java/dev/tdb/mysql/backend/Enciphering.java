package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.AuthData;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;

/**
 * The password is enciphered with the server's key, off the event loop.
 *
 * @param sequence of what we say next
 */
record Enciphering(Authenticating back, int sequence) implements LoginState {
    @Override
    public LoginState onPacket(WholePacket packet, LoginContext context) {
        throw unexpected(packet);
    }

    @Override
    public LoginState onEnciphered(byte[] password, LoginContext context) {
        AuthData answer = new AuthData(Secret.of(password));
        context.send(sequence, answer::encode);
        return back;
    }
}
