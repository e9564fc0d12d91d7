package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.BackendMessage;
import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.postgres.message.NoticeResponse;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/** A state in which the server's next message is awaited. It may always be an error, which ends the login. */
sealed interface LoginTalk extends LoginState
        permits Authenticating, AwaitingServerFirst, AwaitingServerFinal, AwaitingAuthenticationOk, AwaitingReady {
    /** Longest message, as libpq has it for errors. */
    int LENGTH_MAX = 30_000;

    /** Any message but an error or a notice. */
    LoginState onMessage(BackendMessage message, LoginContext context);

    @Override
    default LoginState onBytes(ByteBuf in, LoginContext context) {
        int start = in.readerIndex();
        Optional<WholeMessage> whole = WholeMessage.read(in, LENGTH_MAX);
        if (whole.isEmpty()) {
            return this;
        }
        BackendMessage message =
                BackendMessage.decode(whole.get().type(), whole.get().body());
        if (message instanceof ErrorResponse error) {
            byte[] bytes = new byte[in.readerIndex() - start];
            in.getBytes(start, bytes);
            context.actions().fail(ServerErrors.failure(error, Unpooled.wrappedBuffer(bytes)));
            return new LoginOver();
        }
        return message instanceof NoticeResponse ? this : onMessage(message, context);
    }

    /** What a state says of a message that has no place in it. */
    default ProtocolViolation unexpected(BackendMessage message) {
        return new ProtocolViolation(
                message.getClass().getSimpleName() + " while " + getClass().getSimpleName());
    }
}
