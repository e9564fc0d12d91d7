package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.Capabilities;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.Secret;

/**
 * What a client said at its login, once it has proved who it is.
 *
 * @param capabilities that both sides have
 * @param nonce of the last proof, with which COM_CHANGE_USER proves again
 * @param sequence of the packet that it is told the outcome in
 */
record SessionStart(Place place, int capabilities, int collation, Secret nonce, int sequence) {
    Credential credential() {
        return place.credential();
    }

    /** Whether a result ends with an OK packet, and columns end with nothing. */
    boolean isEofDeprecated() {
        return Capabilities.has(capabilities, Capabilities.DEPRECATE_EOF);
    }

    /** Whether a server may have it send a file, where a statement asks for that. */
    boolean sendsFiles() {
        return Capabilities.has(capabilities, Capabilities.LOCAL_FILES);
    }

    /** Whether it wants to know what changes in its session. */
    boolean isTracking() {
        return Capabilities.has(capabilities, Capabilities.SESSION_TRACK);
    }
}
