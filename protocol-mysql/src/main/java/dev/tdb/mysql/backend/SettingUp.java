package dev.tdb.mysql.backend;

import dev.tdb.mysql.backend.MySqlLinkFacts.Charsets;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.mysql.message.Commands;
import dev.tdb.mysql.message.HandshakeV10;
import dev.tdb.mysql.message.Packets;
import dev.tdb.mysql.message.WholePacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Logged in: the server is told to track the session, and asked for the character sets that the login came to.
 *
 * @param replies those that are there
 */
record SettingUp(HandshakeV10 greeting, ReplyReader reader, List<ServerReply> replies) implements LoginState {
    private static final int REPLIES = 2;
    /** Of the second. */
    private static final int COLUMNS = 3;

    static SettingUp begin(HandshakeV10 greeting, LoginContext context) {
        ByteBuf out = context.actions().allocator().buffer();
        boolean attributes = takesAttributes(greeting, context);
        Commands.query(out, SessionSettings.TRACK, attributes);
        Commands.query(out, SessionSettings.ASK_CHARSETS, attributes);
        context.actions().send(out);
        return new SettingUp(greeting, new ReplyReader(), new ArrayList<>());
    }

    private static boolean takesAttributes(HandshakeV10 greeting, LoginContext context) {
        return Capabilities.has(Authenticating.capabilities(greeting, context), Capabilities.QUERY_ATTRIBUTES);
    }

    @Override
    public LoginState onPacket(WholePacket packet, LoginContext context) {
        reader.read(framed(packet), false).ifPresent(replies::add);
        if (replies.size() < REPLIES) {
            return this;
        }
        if (replies.get(0) instanceof ServerReply.Done
                && replies.get(1) instanceof ServerReply.Rows answer
                && answer.columns().size() == COLUMNS
                && answer.rows().size() == 1) {
            context.actions().succeed(facts(answer.rows().getFirst(), context));
        } else {
            context.fail("the server will not track a session: " + replies);
        }
        return new LoginOver();
    }

    private MySqlLinkFacts facts(List<Optional<String>> row, LoginContext context) {
        return new MySqlLinkFacts(
                greeting.serverVersion(),
                greeting.connectionId(),
                context.spec().target().database(),
                context.profile().hasDatabase(),
                takesAttributes(greeting, context),
                context.profile().isMultiStatements(),
                new Charsets(
                        row.get(0).orElse(""), row.get(1).orElse(""), row.get(2).orElse("")));
    }

    private static ByteBuf framed(WholePacket packet) {
        ByteBuf again = Unpooled.buffer(Packets.HEADER_BYTES + packet.payload().readableBytes());
        Packets.write(again, packet.sequence(), out -> out.writeBytes(packet.payload()));
        return again;
    }
}
