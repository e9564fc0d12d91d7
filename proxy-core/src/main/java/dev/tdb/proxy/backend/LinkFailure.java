package dev.tdb.proxy.backend;

import io.netty.buffer.ByteBuf;

/** Why a link could not be opened. */
public sealed interface LinkFailure {
    /** For logs. */
    String reason();

    /** Nobody answered, TLS failed, our own login was refused: nothing the client can mend. */
    record Unreachable(String reason) implements LinkFailure {}

    /**
     * The server refused what the client asked for (a bad start-up parameter, no such database).
     *
     * @param message the server's own error message, passed to the client byte for byte; an unpooled heap buffer that
     *     needs no release
     */
    record Rejected(String reason, ByteBuf message) implements LinkFailure {}
}
