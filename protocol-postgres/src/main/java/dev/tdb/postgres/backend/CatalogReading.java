package dev.tdb.postgres.backend;

import dev.tdb.postgres.codec.BackendType;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.backend.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Optional;

/**
 * Has a fresh backend read the catalogs, as its first statement would: a millisecond or more of its time, which nobody
 * waits for yet. The question is the one that will be asked of the session when a hold begins. Leaves no trace, and
 * whether it succeeds does not matter.
 */
final class CatalogReading implements Exchange<Boolean> {
    private static final int LENGTH_MAX = 1 << 20;

    private final PostgresLinkFacts facts;

    CatalogReading(PostgresLinkFacts facts) {
        this.facts = facts;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        new ExtendedRequest(out)
                .parse("", DescribeSql.STATE, 0)
                .bind("", List.of())
                .execute()
                .closeStatement("")
                .sync();
        return out;
    }

    @Override
    public Optional<Boolean> onBytes(ByteBuf in) {
        for (Optional<WholeMessage> message = WholeMessage.read(in, LENGTH_MAX);
                message.isPresent();
                message = WholeMessage.read(in, LENGTH_MAX)) {
            ByteBuf body = message.get().body();
            switch (message.get().type()) {
                case BackendType.PARAMETER_STATUS -> {
                    ParameterStatus changed = ParameterStatus.decode(body);
                    facts.parameterChanged(changed.name(), changed.value());
                }
                case BackendType.READY_FOR_QUERY -> {
                    return Optional.of(ReadyForQuery.decode(body).status() == ReadyForQuery.IDLE);
                }
                default -> {
                    // Rows and completions, of which nothing is wanted.
                }
            }
        }
        return Optional.empty();
    }
}
