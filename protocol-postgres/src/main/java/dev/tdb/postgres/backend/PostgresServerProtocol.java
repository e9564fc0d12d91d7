package dev.tdb.postgres.backend;

import dev.tdb.postgres.message.CancelRequest;
import dev.tdb.postgres.message.SSLRequest;
import dev.tdb.postgres.message.Terminate;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.ServerLogin;
import dev.tdb.proxy.backend.ServerProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;

/** How to be a client of PostgreSQL servers. Used by all event loops; keeps only keys that were slow to derive. */
public final class PostgresServerProtocol implements ServerProtocol {
    private final ScramKeyCache keys = new ScramKeyCache();

    @Override
    public ServerLogin login(LinkSpec spec, ServerLogin.Actions actions) {
        return new PostgresLogin(spec, actions, keys);
    }

    @Override
    public Optional<Exchange<Boolean>> reset(LinkFacts facts) {
        return Optional.of(new SessionReset((PostgresLinkFacts) facts));
    }

    @Override
    public Optional<Exchange<Boolean>> warmUp(LinkFacts facts) {
        return Optional.of(new CatalogReading((PostgresLinkFacts) facts));
    }

    @Override
    public Optional<ByteBuf> cancelRequest(LinkFacts facts, ByteBufAllocator allocator) {
        PostgresLinkFacts postgres = (PostgresLinkFacts) facts;
        if (postgres.cancelSecret().length() == 0) {
            return Optional.empty();
        }
        ByteBuf out = allocator.buffer();
        new CancelRequest(postgres.processId(), postgres.cancelSecret()).encode(out);
        return Optional.of(out);
    }

    @Override
    public Optional<ByteBuf> tlsRequest(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        new SSLRequest().encode(out);
        return Optional.of(out);
    }

    @Override
    public ByteBuf farewell(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        new Terminate().encode(out);
        return out;
    }
}
