package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.Commands;
import dev.tdb.proxy.backend.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;

/** Ends what another connection of the same user is doing. */
final class KillQuery implements Exchange<Boolean> {
    private final int connectionId;
    private final ReplyReader reader = new ReplyReader();

    KillQuery(int connectionId) {
        this.connectionId = connectionId;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        Commands.query(out, "KILL QUERY " + Integer.toUnsignedString(connectionId));
        return out;
    }

    @Override
    public Optional<Boolean> onBytes(ByteBuf in) {
        return reader.read(in, false).map(ServerReply.Done.class::isInstance);
    }
}
