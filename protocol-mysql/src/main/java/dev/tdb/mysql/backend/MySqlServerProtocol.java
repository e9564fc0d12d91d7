package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.Commands;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.ServerLogin;
import dev.tdb.proxy.backend.ServerProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;

/** How to be a client of MySQL and MariaDB servers. Used by all event loops. */
public final class MySqlServerProtocol implements ServerProtocol {
    @Override
    public ServerLogin login(LinkSpec spec, ServerLogin.Actions actions) {
        return new MySqlLogin(spec, actions);
    }

    @Override
    public Optional<Exchange<Boolean>> reset(LinkFacts facts) {
        return Optional.of(new LinkReset((MySqlLinkFacts) facts));
    }

    /** None: to cancel is a command, and has to log in first. */
    @Override
    public Optional<ByteBuf> cancelRequest(LinkFacts facts, ByteBufAllocator allocator) {
        return Optional.empty();
    }

    @Override
    public Optional<Exchange<Boolean>> cancelCommand(LinkFacts facts) {
        return Optional.of(new KillQuery((MySqlLinkFacts) facts));
    }

    @Override
    public Optional<ByteBuf> tlsRequest(ByteBufAllocator allocator) {
        return Optional.empty();
    }

    @Override
    public ByteBuf farewell(ByteBufAllocator allocator) {
        ByteBuf out = allocator.buffer();
        Commands.quit(out);
        return out;
    }
}
