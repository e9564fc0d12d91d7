package dev.tdb.mysql.frontend;

import dev.tdb.mysql.codec.Compression;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.Secret;
import java.util.Optional;

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

    /** How the connection is compressed from the login on; of two ways it is the older one, as servers have it. */
    Optional<Compression> compression() {
        if (Capabilities.has(capabilities, Capabilities.COMPRESS)) {
            return Optional.of(Compression.ZLIB);
        }
        return Capabilities.has(capabilities, Capabilities.ZSTD_COMPRESSION_ALGORITHM)
                ? Optional.of(Compression.ZSTD)
                : Optional.empty();
    }

    /** Whether a result ends with an OK packet, and columns end with nothing. */
    boolean isEofDeprecated() {
        return Capabilities.has(capabilities, Capabilities.DEPRECATE_EOF);
    }

    /** Whether it says query attributes with its statements, or that there are none. */
    boolean saysAttributes() {
        return Capabilities.has(capabilities, Capabilities.QUERY_ATTRIBUTES);
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
