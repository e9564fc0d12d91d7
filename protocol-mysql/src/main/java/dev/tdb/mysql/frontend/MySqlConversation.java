package dev.tdb.mysql.frontend;

import dev.tdb.mysql.backend.DescribeExchange;
import dev.tdb.mysql.backend.LoginProfile;
import dev.tdb.mysql.backend.MySqlLinkFacts;
import dev.tdb.mysql.backend.MySqlSessionState;
import dev.tdb.mysql.backend.ReplayExchange;
import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.OkPacket;
import dev.tdb.mysql.message.Packets;
import dev.tdb.mysql.message.ServerStatus;
import dev.tdb.mysql.message.SessionChange;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.backend.LinkProfile;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake;
import dev.tdb.proxy.frontend.Conversation;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.frontend.Destination;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.frontend.SessionState;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A MySQL client's talk with its server. The client's commands are looked at in {@link ClientTalk}, the server's replies in
 * {@link ServerTalk}; what both must know is {@link SessionMemory}.
 *
 * <p>A safe point is where no reply is outstanding, the last one said that no transaction is open, no table is locked, no
 * cursor is open, nothing was sent ahead for a statement, and neither direction is in the middle of a packet.
 */
final class MySqlConversation implements Conversation {
    private final SessionPort port;
    private final SessionStart start;
    private final SessionMemory memory;
    private final ClientTalk clientTalk;
    private final ServerTalk serverTalk;
    private final RefusedUnits refused;
    private final HeldCommands held;
    private final Runnable onWelcomed;
    private boolean welcomed;
    private boolean lastWordSaid;

    /**
     * @param logins for a client that logs in anew on its connection
     * @param terms on which it does
     * @param onWelcomed runs when the client was told that it is in
     */
    MySqlConversation(
            SessionPort port,
            SessionStart start,
            ClientHandshake.Actions logins,
            LoginTerms terms,
            Runnable onWelcomed) {
        this.onWelcomed = onWelcomed;
        this.port = port;
        this.start = start;
        this.memory = new SessionMemory(start, port.keptBytes());
        LocalAnswers answers = new LocalAnswers(port, memory);
        this.clientTalk =
                new ClientTalk(port, start, memory, answers, new ChangeOfUser(port, memory, start, logins, terms));
        this.serverTalk = new ServerTalk(port, start, memory, new QueryReporter(port, memory));
        this.refused = new RefusedUnits(port, memory, clientTalk);
        this.held = new HeldCommands(port, start, memory, clientTalk, answers, refused);
    }

    @Override
    public LinkProfile profile() {
        Place place = memory.place();
        return new LoginProfile(start.capabilities(), memory.collation(), place.isChosen())
                .toLink(place.credential().role());
    }

    /** No secret of the client's: what gives the right to end this session is to have the same password. */
    @Override
    public Optional<Secret> cancelSecret() {
        return Optional.of(memory.killRight().secret());
    }

    // ---- login

    @Override
    public void welcome(LinkFacts facts) {
        memory.linked((MySqlLinkFacts) facts);
        sayWelcome();
    }

    /** Nothing of what a client is told at its login is a server's to say. */
    @Override
    public boolean welcomeUnlinked(Optional<LinkFacts> lastSeen) {
        sayWelcome();
        return true;
    }

    private void sayWelcome() {
        welcomed = true;
        OkPacket ok = OkPacket.of(ServerStatus.AUTOCOMMIT);
        say(start.sequence(), out -> ok.encode(out, start.isTracking()));
        onWelcomed.run();
    }

    private void say(int sequence, Consumer<ByteBuf> payload) {
        ByteBuf out = port.allocator().buffer();
        Packets.write(out, sequence, payload);
        port.toClient(out);
    }

    // ---- relaying

    @Override
    public void skipAtSafePoint(ByteBuf in) {
        if (refused.isSkipping()) {
            refused.finish(in);
        }
    }

    @Override
    public int fromClient(ByteBuf in, boolean presentUnitOnly) {
        return clientTalk.forward(in, presentUnitOnly, serverTalk.shift());
    }

    @Override
    public void fromServer(ByteBuf in) {
        serverTalk.scan(in);
    }

    @Override
    public boolean atSafePoint() {
        return memory.isAtRest() && !clientTalk.isMidMessage() && !serverTalk.isMidMessage();
    }

    @Override
    public boolean isLeaving() {
        return clientTalk.isLeaving();
    }

    @Override
    public boolean isPipelineFull() {
        return memory.ledger.isFull();
    }

    @Override
    public boolean answersClient() {
        return true;
    }

    @Override
    public boolean isClientMessageOpen() {
        return serverTalk.isMidPassing();
    }

    @Override
    public int clientMessageRest(ByteBuf in) {
        return serverTalk.restOf(in);
    }

    @Override
    public void heldFor(long nanos) {
        clientTalk.heldFor(nanos);
    }

    // ---- held and refused

    @Override
    public void answerHeld(ByteBuf in) {
        if (refused.isSkipping()) {
            refused.finish(in);
        }
        held.answer(in);
    }

    @Override
    public void refuse(ByteBuf in, Refusal refusal) {
        clientTalk.takeHeldNanos();
        if (refusal.endsConnection()) {
            farewell(refusal, 1);
        }
        if (lastWordSaid) {
            in.skipBytes(in.readableBytes());
        } else {
            refused.refuse(in, refusal);
        }
    }

    @Override
    public boolean isSkipping() {
        return refused.isSkipping();
    }

    /**
     * A client reads it as the reply to the command it waits for, or else to the next one: there is no other place for a
     * word of the server in this protocol.
     */
    @Override
    public void farewell(Refusal refusal) {
        int sequence;
        if (!welcomed) {
            sequence = start.sequence();
        } else if (memory.ledger.isEmpty()) {
            sequence = 1;
        } else if (memory.destination().isPresent()) {
            sequence = memory.departureSequence();
        } else {
            sequence = serverTalk.nextSequence() == 0 ? clientTalk.replySequence() : serverTalk.nextSequence();
        }
        farewell(refusal, sequence);
    }

    private void farewell(Refusal refusal, int sequence) {
        if (lastWordSaid || serverTalk.isFatalPassed()) {
            return;
        }
        lastWordSaid = true;
        ErrPacket error = ErrPacket.of(refusal);
        say(sequence, error::encode);
    }

    @Override
    public void reject(ByteBuf nativeError) {
        lastWordSaid = true;
        port.toClient(port.allocator().buffer(nativeError.readableBytes()).writeBytes(nativeError.duplicate()));
    }

    /** The end of the old link is not the client's business, and a server says nothing else unasked. */
    @Override
    public void fromServerWhileHeld(ByteBuf in) {
        in.skipBytes(in.readableBytes());
    }

    // ---- another route

    @Override
    public Optional<Destination> destination() {
        return memory.destination();
    }

    /** Nothing that the client is told is a server's to say, as at a login. */
    @Override
    public void departed() {
        int sequence = memory.departureSequence();
        boolean afresh = memory.departed();
        List<SessionChange> changes = afresh
                ? List.of()
                : List.of(SessionChange.of(SessionChange.SCHEMA, memory.place().name()));
        OkPacket ok = OkPacket.of(memory.ledger.sessionStatus()).withChanges(memory.tracking.of(changes));
        say(sequence, out -> ok.encode(out, start.isTracking()));
    }

    @Override
    public void stayed(Refusal refusal) {
        int sequence = memory.departureSequence();
        memory.stayed();
        say(sequence, ErrPacket.of(refusal)::encode);
    }

    @Override
    public boolean leavesTraces() {
        return memory.leavesTraces();
    }

    // ---- moving

    @Override
    public SessionState initialState() {
        return MySqlSessionState.initial();
    }

    @Override
    public Exchange<Described> describe(LinkFacts facts) {
        return new DescribeExchange((MySqlLinkFacts) facts, memory.known(), memory.questions(), memory.unmovable());
    }

    @Override
    public Exchange<Optional<String>> replay(SessionState state, LinkFacts facts) {
        return new ReplayExchange((MySqlSessionState) state, (MySqlLinkFacts) facts, port);
    }

    @Override
    public void movedTo(LinkFacts facts) {
        memory.linked((MySqlLinkFacts) facts);
    }

    @Override
    public String activity() {
        if (atSafePoint()) {
            return "idle";
        }
        return memory.ledger.isEmpty() ? "in transaction" : "active";
    }

    @Override
    public void close() {
        memory.clear();
        clientTalk.close();
        serverTalk.close();
        refused.close();
    }
}
