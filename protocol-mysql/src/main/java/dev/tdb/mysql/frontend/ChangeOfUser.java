package dev.tdb.mysql.frontend;

import dev.tdb.mysql.backend.SessionSettings;
import dev.tdb.mysql.codec.PendingCommand;
import dev.tdb.mysql.codec.PendingCommand.Kind;
import dev.tdb.mysql.message.ComChangeUser;
import dev.tdb.mysql.message.CommandCode;
import dev.tdb.mysql.message.Commands;
import dev.tdb.mysql.message.OkPacket;
import dev.tdb.mysql.message.Packets;
import dev.tdb.mysql.message.ServerStatus;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.frontend.SessionPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * A client that is in logs in anew on its connection: what it is asked and answers, in the place of a reply, until it is in
 * again. One that gets it wrong is told so, and its connection ends, as at a server. Belongs to one event loop.
 */
final class ChangeOfUser {
    private final SessionPort port;
    private final SessionMemory memory;
    private final Actions actions;
    private final LoginTerms terms;
    private final int capabilities;
    private Secret nonce;
    private HandshakeState state = new HandshakeOver();
    private boolean refused;

    ChangeOfUser(SessionPort port, SessionMemory memory, SessionStart start, Actions actions, LoginTerms terms) {
        this.port = port;
        this.memory = memory;
        this.actions = actions;
        this.terms = terms.andThen(this::worked, this::admitted);
        this.capabilities = start.capabilities();
        this.nonce = start.nonce();
    }

    /** All is answered that came before. */
    void begin(ComChangeUser change, int sequence) {
        memory.ledger.sent(local());
        refused = true;
        state = terms.judgeAgain(change.toResponse(capabilities), nonce, sequence, actions);
    }

    boolean isUnderWay() {
        return !state.isOver();
    }

    /** Whether it is the client's turn to speak. */
    boolean readsPackets() {
        return state.readsPackets();
    }

    void onPacket(WholePacket packet) {
        state = state.onPacket(packet, Unpooled.EMPTY_BUFFER, actions);
    }

    /** Whether the client is not in any more: the end of its connection is on its way. */
    boolean isRefused() {
        return refused && !isUnderWay();
    }

    private void worked(Secret result) {
        state = state.onWorked(result, actions);
    }

    private void admitted(SessionStart next) {
        refused = false;
        nonce = next.nonce();
        memory.ledger.answered();
        if (memory.isAt(next)) {
            resetHere(next);
        } else {
            goAfresh(next);
        }
    }

    /** To the same user and database, as pools do it: the server's session is reset, which comes to the same. */
    private void resetHere(SessionStart next) {
        ByteBuf out = port.allocator().buffer();
        endSession(out);
        Commands.query(out, SessionSettings.afterReset(memory.charsets()), memory.takesAttributes());
        memory.ledger.sent(PendingCommand.ours(CommandCode.QUERY));
        if (memory.place().isChosen()) {
            Commands.initDb(out, memory.database());
            memory.ledger.sent(PendingCommand.ours(CommandCode.INIT_DB));
        }
        port.toServer(out);
        PendingCommand done = local();
        done.answer(ok(next.sequence()));
        memory.ledger.sent(done);
    }

    private byte[] ok(int sequence) {
        ByteBuf out = port.allocator().buffer();
        Packets.write(out, sequence, it -> OkPacket.of(ServerStatus.AUTOCOMMIT).encode(it, false));
        byte[] bytes = ByteBufUtil.getBytes(out);
        out.release();
        return bytes;
    }

    /** What is under way ends here, as a server ends it. */
    private void goAfresh(SessionStart next) {
        if (memory.isUnitOpen()) {
            ByteBuf out = port.allocator().buffer();
            endSession(out);
            port.toServer(out);
        }
        memory.departsAfresh(next, local());
    }

    private void endSession(ByteBuf out) {
        Commands.resetConnection(out);
        memory.ledger.sent(PendingCommand.ours(CommandCode.RESET_CONNECTION));
    }

    private static PendingCommand local() {
        return new PendingCommand(Kind.LOCAL, CommandCode.CHANGE_USER, "", 0, 0, null, true);
    }
}
