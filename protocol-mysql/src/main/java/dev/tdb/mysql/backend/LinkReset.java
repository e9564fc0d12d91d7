package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.Commands;
import dev.tdb.proxy.backend.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;

/**
 * Makes a session as good as new: COM_RESET_CONNECTION, and then what it takes away of the login or leaves as it was:
 * tracking, character sets, the database, whether a text may hold several statements.
 */
final class LinkReset implements Exchange<Boolean> {
    private final MySqlLinkFacts facts;
    private final ReplyReader reader = new ReplyReader();
    private int owed;

    LinkReset(MySqlLinkFacts facts) {
        this.facts = facts;
    }

    @Override
    public ByteBuf request(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        Commands.resetConnection(out);
        Commands.query(out, SessionSettings.afterReset(facts.charsets()), facts.takesAttributes());
        owed = 3;
        // A link without a database was given back as it was.
        if (facts.isInDatabase()) {
            Commands.initDb(out, facts.database());
            owed++;
        }
        Commands.multiStatements(out, facts.multiStatements());
        return out;
    }

    @Override
    public Optional<Boolean> onBytes(ByteBuf in) {
        for (Optional<ServerReply> reply = reader.read(in, false); reply.isPresent(); reply = reader.read(in, false)) {
            if (!(reply.get() instanceof ServerReply.Done)) {
                in.skipBytes(in.readableBytes());
                return Optional.of(false);
            }
            owed--;
            if (owed == 0) {
                return Optional.of(!in.isReadable());
            }
        }
        return Optional.empty();
    }
}
