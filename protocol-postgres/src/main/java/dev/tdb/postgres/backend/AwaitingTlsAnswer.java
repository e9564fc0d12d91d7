package dev.tdb.postgres.backend;

import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.route.ServerTls;
import io.netty.buffer.ByteBuf;

/** TLS was asked for; the server says {@code S} or {@code N}. */
record AwaitingTlsAnswer() implements LoginState {
    @Override
    public LoginState onBytes(ByteBuf in, LoginContext context) {
        byte answer = in.readByte();
        if (answer == 'E') {
            // Anybody may have put it in: not worth reading, let alone passing on (CVE-2024-10977).
            throw new ProtocolViolation("an error instead of an answer to the request for TLS");
        }
        if (answer != 'S' && answer != 'N') {
            throw new ProtocolViolation("no answer to the request for TLS");
        }
        if (in.isReadable()) {
            throw new ProtocolViolation("unencrypted data behind the answer to the request for TLS");
        }
        if (answer == 'S') {
            context.actions().startTls();
            return new UpgradingToTls();
        }
        if (context.tlsMode() != ServerTls.Mode.PREFER) {
            throw new ProtocolViolation("the server has no TLS, which is required");
        }
        context.start();
        return new Authenticating(false);
    }
}
