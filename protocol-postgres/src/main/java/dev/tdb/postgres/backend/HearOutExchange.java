package dev.tdb.postgres.backend;

import dev.tdb.postgres.codec.BackendType;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.frontend.SessionPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Hears all that was notified before, at a safe point: a lone Sync. A backend that commits a NOTIFY signals those who
 * listen before its own ReadyForQuery; the signal is pending at the listener when it reads whatever is sent to it after
 * that; and a listener sends what it was signalled before its ReadyForQuery (PostgreSQL 13 and later).
 */
public final class HearOutExchange implements Exchange<Boolean> {
    /** As long as a notification or a notice may reasonably be. */
    private static final int LENGTH_MAX = 1 << 20;

    private final SessionPort port;
    private final Consumer<ParameterStatus> changed;

    /** @param changed told of parameters that changed, which the client was not told of */
    public HearOutExchange(SessionPort port, Consumer<ParameterStatus> changed) {
        this.port = port;
        this.changed = changed;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        new ExtendedRequest(out).sync();
        return out;
    }

    @Override
    public Optional<Boolean> onBytes(ByteBuf in) {
        for (Optional<WholeMessage> message = WholeMessage.read(in, LENGTH_MAX);
                message.isPresent();
                message = WholeMessage.read(in, LENGTH_MAX)) {
            ByteBuf body = message.get().body();
            switch (message.get().type()) {
                case BackendType.NOTIFICATION_RESPONSE, BackendType.NOTICE_RESPONSE ->
                    port.toClient(ExtendedRequest.message(message.get().type(), body, port.allocator()));
                case BackendType.PARAMETER_STATUS -> changed.accept(ParameterStatus.decode(body));
                case BackendType.READY_FOR_QUERY -> {
                    return Optional.of(ReadyForQuery.decode(body).status() == ReadyForQuery.IDLE);
                }
                default -> {
                    // An error is the end of the link, which is seen when it comes.
                }
            }
        }
        return Optional.empty();
    }
}
