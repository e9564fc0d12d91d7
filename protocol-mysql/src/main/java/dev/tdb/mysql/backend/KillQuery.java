package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.Commands;
import dev.tdb.proxy.backend.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;

/** Ends what another connection of the same user is doing. */
final class KillQuery implements Exchange<Boolean> {
    private final MySqlLinkFacts facts;
    private final ReplyReader reader = new ReplyReader();

    /** @param facts of the other connection, and but for its number of this one */
    KillQuery(MySqlLinkFacts facts) {
        this.facts = facts;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        String kill = "KILL QUERY " + Integer.toUnsignedString(facts.connectionId());
        Commands.query(out, kill, facts.takesAttributes());
        return out;
    }

    @Override
    public Optional<Boolean> onBytes(ByteBuf in) {
        return reader.read(in, false).map(ServerReply.Done.class::isInstance);
    }
}
