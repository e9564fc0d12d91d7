package dev.tdb.postgres.frontend;

import dev.tdb.postgres.backend.DescribeExchange;
import dev.tdb.postgres.backend.HearOutExchange;
import dev.tdb.postgres.backend.PostgresLinkFacts;
import dev.tdb.postgres.backend.PostgresSessionState;
import dev.tdb.postgres.backend.ReplayExchange;
import dev.tdb.postgres.codec.BackendType;
import dev.tdb.postgres.message.AuthenticationOk;
import dev.tdb.postgres.message.BackendKeyData;
import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.backend.LinkProfile;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.Conversation;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.frontend.SessionState;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL client's talk with its server. The client's messages are looked at in {@link ClientTalk}, the server's in
 * {@link ServerTalk}; what both must know is {@link SessionMemory}.
 *
 * <p>A safe point is where no reply is outstanding, the last ReadyForQuery said idle, no batch of the extended protocol
 * is without its Sync, and neither direction is in the middle of a message.
 */
public final class PostgresConversation implements Conversation {
    private final SessionPort port;
    private final SessionStart start;
    private final Secret cancelSecret;
    private final LinkProfile profile;
    private final SessionMemory memory;
    private final ToldParameters parameters = new ToldParameters();
    private final ClientTalk clientTalk;
    private final ServerTalk serverTalk;
    private final MessagesAtRest atRest;
    private final RefusedUnits refused;
    private @Nullable PostgresLinkFacts link;
    /** Who the server says we are since we logged in; a SET SESSION AUTHORIZATION changes it. */
    private String authorization = "";

    private boolean swallowing;
    private boolean lastWordSaid;

    /** @param cancelSecret ours, of the length that the client's protocol version allows */
    public PostgresConversation(SessionPort port, SessionStart start, Secret cancelSecret) {
        this.port = port;
        this.start = start;
        this.cancelSecret = cancelSecret;
        this.profile = new LinkProfile(start.credential().role(), start.parameters());
        this.memory = new SessionMemory(port.keptBytes());
        QueryReporter reporter = new QueryReporter(port, start);
        this.clientTalk = new ClientTalk(memory);
        this.serverTalk = new ServerTalk(memory, reporter);
        this.atRest = new MessagesAtRest(port, memory, clientTalk, reporter);
        this.refused = new RefusedUnits(port, memory, clientTalk, reporter);
    }

    @Override
    public LinkProfile profile() {
        return profile;
    }

    @Override
    public Optional<Secret> cancelSecret() {
        return Optional.of(cancelSecret);
    }

    // ---- login

    @Override
    public void welcome(LinkFacts facts) {
        PostgresLinkFacts server = postgres(facts);
        ByteBuf out = port.allocator().buffer();
        new AuthenticationOk().encode(out);
        parameters.tellDifferences(server, out);
        linked(server);
        finishWelcome(out);
    }

    @Override
    public boolean welcomeUnlinked(Optional<LinkFacts> lastSeen) {
        if (lastSeen.isEmpty()) {
            return false;
        }
        Map<String, String> likely =
                ToldParameters.likely(postgres(lastSeen.get()).parameters(), start.parameters());
        memory.clientEncoding(likely.get("client_encoding"));
        ByteBuf out = port.allocator().buffer();
        new AuthenticationOk().encode(out);
        parameters.tellLikely(likely, out);
        finishWelcome(out);
        return true;
    }

    private void finishWelcome(ByteBuf out) {
        new BackendKeyData(port.sessionNumber(), cancelSecret).encode(out);
        new ReadyForQuery(ReadyForQuery.IDLE).encode(out);
        port.toClient(out);
    }

    private void linked(PostgresLinkFacts facts) {
        link = facts;
        authorization = facts.parameters().getOrDefault("session_authorization", "");
        serverTalk.linked(facts);
        swallowing = false;
    }

    private static PostgresLinkFacts postgres(LinkFacts facts) {
        return (PostgresLinkFacts) facts;
    }

    // ---- relaying

    @Override
    public void skipAtSafePoint(ByteBuf in) {
        if (refused.isSkipping()) {
            refused.finish(in);
        }
        atRest.skip(in);
    }

    @Override
    public int fromClient(ByteBuf in, boolean presentUnitOnly) {
        if (in.isReadable()) {
            tellOwed();
        }
        return clientTalk.forward(in, presentUnitOnly);
    }

    /** The client speaks, so that it expects to be told something; but never within a message of the server's. */
    private void tellOwed() {
        if (!parameters.owesNothing() && !serverTalk.isMidMessage()) {
            ByteBuf out = port.allocator().buffer();
            parameters.tellOwed(out);
            port.toClient(out);
        }
    }

    @Override
    public void fromServer(ByteBuf in) {
        if (swallowing && serverTalk.isMidMessage()) {
            throw new ProtocolViolation("the server's message to nobody went on when the hold had ended");
        }
        serverTalk.scan(in, 0);
        followLink();
    }

    private void followLink() {
        if (link != null) {
            parameters.follow(link);
        }
    }

    @Override
    public boolean atSafePoint() {
        return memory.ledger.isAtRest() && !clientTalk.isMidMessage() && !serverTalk.isMidMessage();
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
    public boolean isClientMessageOpen() {
        return serverTalk.isMidMessage() && !swallowing;
    }

    @Override
    public boolean isInterrupted() {
        return isClientMessageOpen() && memory.ledger.isAtRest() && !clientTalk.isMidMessage();
    }

    @Override
    public int clientMessageRest(ByteBuf in) {
        return serverTalk.rest(in);
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
        atRest.answer(in);
    }

    @Override
    public void refuse(ByteBuf in, Refusal refusal) {
        if (refusal.endsConnection()) {
            farewell(refusal);
        }
        if (lastWordSaid) {
            in.skipBytes(in.readableBytes());
        } else {
            if (refused.isSkipping()) {
                // What was refused in part keeps the reason it began with.
                refused.finish(in);
            }
            atRest.skip(in);
            if (in.isReadable() && !refused.refuse(in, refusal)) {
                farewell(refusal);
                clientTalk.leave();
            }
        }
    }

    @Override
    public boolean isSkipping() {
        return refused.isSkipping();
    }

    @Override
    public void farewell(Refusal refusal) {
        if (lastWordSaid || serverTalk.isFatalPassed()) {
            return;
        }
        lastWordSaid = true;
        ErrorResponse error = ErrorResponse.of(refusal);
        ByteBuf out = port.allocator().buffer();
        new ErrorResponse("FATAL", error.sqlState(), error.message(), error.routine()).encode(out);
        port.toClient(out);
    }

    @Override
    public void reject(ByteBuf nativeError) {
        lastWordSaid = true;
        port.toClient(port.allocator().buffer(nativeError.readableBytes()).writeBytes(nativeError.duplicate()));
    }

    @Override
    public void fromServerWhileHeld(ByteBuf in) {
        serverTalk.held(true);
        try {
            while (in.isReadable()) {
                int count = serverTalk.isMidMessage() ? serverTalk.rest(in) : messageBytes(in);
                ByteBuf piece = in.readSlice(count);
                if (!serverTalk.isMidMessage()) {
                    swallowing = !isTheClients(piece.getByte(piece.readerIndex()));
                }
                serverTalk.scan(piece, 0);
                if (!swallowing) {
                    port.toClient(port.allocator().buffer(count).writeBytes(piece));
                }
            }
        } finally {
            serverTalk.held(false);
            followLink();
        }
        swallowing = swallowing && serverTalk.isMidMessage();
    }

    private static boolean isTheClients(byte type) {
        return type == BackendType.NOTIFICATION_RESPONSE
                || type == BackendType.PARAMETER_STATUS
                || type == BackendType.NOTICE_RESPONSE;
    }

    /** How much of the message that begins in {@code in} is there. */
    private static int messageBytes(ByteBuf in) {
        if (in.readableBytes() < Byte.BYTES + Integer.BYTES) {
            return in.readableBytes();
        }
        long bytes = (long) Byte.BYTES + Math.max(Integer.BYTES, in.getInt(in.readerIndex() + 1));
        return (int) Math.min(bytes, in.readableBytes());
    }

    // ---- moving

    @Override
    public SessionState initialState() {
        return PostgresSessionState.initial();
    }

    @Override
    public Exchange<Described> describe(LinkFacts facts) {
        PostgresLinkFacts server = postgres(facts);
        boolean authorized =
                server.parameters().getOrDefault("session_authorization", "").equals(authorization);
        return new DescribeExchange(port, owing(server), memory.statements, memory.customSettings, authorized);
    }

    @Override
    public Exchange<Boolean> hearOut(LinkFacts facts) {
        return new HearOutExchange(port, owing(postgres(facts)));
    }

    /** What the server says of itself while the proxy asks, the client is told when it speaks next. */
    private Consumer<ParameterStatus> owing(PostgresLinkFacts server) {
        return status -> {
            server.parameterChanged(status.name(), status.value());
            parameters.oweDifferences(server);
        };
    }

    @Override
    public Exchange<Optional<String>> replay(SessionState state, LinkFacts facts) {
        return new ReplayExchange((PostgresSessionState) state, postgres(facts), port);
    }

    @Override
    public void movedTo(LinkFacts facts) {
        PostgresLinkFacts server = postgres(facts);
        parameters.oweDifferences(server);
        linked(server);
    }

    @Override
    public boolean leavesTraces() {
        return memory.customSettings.isAnyEver();
    }

    @Override
    public String activity() {
        if (atSafePoint()) {
            return "idle";
        }
        boolean waits = memory.ledger.size() == 0 && memory.ledger.status() != ReadyForQuery.IDLE;
        return waits ? "in transaction" : "active";
    }

    @Override
    public void close() {
        memory.clear();
    }
}
