package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.Query;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Optional;

/**
 * Makes a session as good as new: {@code DISCARD ALL}, and then {@code RESET ROLE}, since older releases (15.2 is one)
 * forget with the former which role the login was given by {@code ALTER ROLE … SET role}.
 */
final class SessionReset implements Exchange<Boolean> {
    private static final List<String> STATEMENTS = List.of("DISCARD ALL", "RESET ROLE");
    private static final int LENGTH_MAX = 30_000;

    private final PostgresLinkFacts facts;
    private int readyCount;

    SessionReset(PostgresLinkFacts facts) {
        this.facts = facts;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        STATEMENTS.forEach(statement -> new Query(statement).encode(out));
        return out;
    }

    /** False as soon as anything is not as it must be: the caller closes the link then. */
    @Override
    public Optional<Boolean> onBytes(ByteBuf in) {
        try {
            for (Optional<WholeMessage> message = WholeMessage.read(in, LENGTH_MAX);
                    message.isPresent();
                    message = WholeMessage.read(in, LENGTH_MAX)) {
                if (!isFine(message.get())) {
                    in.skipBytes(in.readableBytes());
                    return Optional.of(false);
                }
                if (readyCount == STATEMENTS.size()) {
                    return Optional.of(!in.isReadable());
                }
            }
            return Optional.empty();
        } catch (ProtocolViolation _) {
            in.skipBytes(in.readableBytes());
            return Optional.of(false);
        }
    }

    private boolean isFine(WholeMessage message) {
        return switch (message.type()) {
            case ParameterStatus.TYPE -> {
                ParameterStatus changed = ParameterStatus.decode(message.body());
                facts.parameterChanged(changed.name(), changed.value());
                yield true;
            }
            case ReadyForQuery.TYPE -> {
                readyCount++;
                yield ReadyForQuery.decode(message.body()).status() == ReadyForQuery.IDLE;
            }
            case ErrorResponse.TYPE -> false;
            default -> true; // CommandComplete; a notice; a notification of before
        };
    }
}
