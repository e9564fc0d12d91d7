package dev.tdb.proxy.toy;

import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.backend.LinkProfile;
import dev.tdb.proxy.credential.Credential;
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

/**
 * Counts commands and replies, and remembers whether a line is half sent. A line of {@code ?} breaks the protocol, one
 * of {@code %} the proxy.
 */
final class ToyConversation implements Conversation {
    private final SessionPort port;
    private final Credential credential;
    private final Secret secret;
    private int outstanding;
    private boolean inTransaction;
    private boolean clientLineOpen;
    private boolean serverLineOpen;
    private boolean serverLineSwallowed;
    private boolean skipping;
    private boolean leaving;

    ToyConversation(SessionPort port, Credential credential) {
        this.port = port;
        this.credential = credential;
        this.secret = Secret.of("s" + port.sessionNumber());
    }

    @Override
    public LinkProfile profile() {
        return new LinkProfile(credential.role(), Map.of());
    }

    @Override
    public Optional<Secret> cancelSecret() {
        return Optional.of(secret);
    }

    @Override
    public void welcome(LinkFacts facts) {
        say("WELCOME " + ((ToyFacts) facts).server() + " " + port.sessionNumber() + " s" + port.sessionNumber());
    }

    @Override
    public boolean welcomeUnlinked(Optional<LinkFacts> lastSeen) {
        lastSeen.ifPresent(this::welcome);
        return lastSeen.isPresent();
    }

    @Override
    public void skipAtSafePoint(ByteBuf in) {
        finishSkipping(in);
        while (in.isReadable() && in.getByte(in.readerIndex()) == '\n') {
            in.skipBytes(1);
        }
        answerHere(in);
    }

    /** A {@code #} without a line: none of the server's business, and answered by a hundred bytes. */
    private void answerHere(ByteBuf in) {
        while (in.isReadable() && in.getByte(in.readerIndex()) == '#') {
            say("I " + "x".repeat(97));
            in.skipBytes(1);
        }
    }

    @Override
    public boolean answersClient() {
        return true;
    }

    @Override
    public int fromClient(ByteBuf in, boolean presentUnitOnly) {
        int at = in.readerIndex();
        while (at < in.writerIndex()) {
            if (!clientLineOpen) {
                byte first = in.getByte(at);
                if (first == '?') {
                    throw new ProtocolViolation("a question mark");
                }
                boolean certain = outstanding == 0 && inTransaction;
                if (presentUnitOnly && !certain) {
                    break;
                }
                if (first == 'Q') {
                    leaving = true;
                    break;
                }
                clientLineOpen = true;
                outstanding += first == 'N' ? 0 : 1;
            }
            int end = in.indexOf(at, in.writerIndex(), (byte) '\n');
            clientLineOpen = end < 0;
            at = end < 0 ? in.writerIndex() : end + 1;
        }
        return at - in.readerIndex();
    }

    @Override
    public void fromServer(ByteBuf in) {
        for (int at = in.readerIndex(); at < in.writerIndex(); ) {
            if (!serverLineOpen) {
                begin(in.getByte(at));
            }
            int end = in.indexOf(at, in.writerIndex(), (byte) '\n');
            serverLineOpen = end < 0;
            at = end < 0 ? in.writerIndex() : end + 1;
        }
    }

    private void begin(byte first) {
        switch (first) {
            case '*' -> {}
            case '%' -> throw new StackOverflowError("a line that begins with %");
            case 'I', 'T' -> {
                inTransaction = first == 'T';
                outstanding--;
            }
            default -> throw new ProtocolViolation("a reply that begins with " + (char) first);
        }
    }

    @Override
    public boolean atSafePoint() {
        return outstanding == 0 && !inTransaction && !clientLineOpen && !serverLineOpen;
    }

    @Override
    public boolean isLeaving() {
        return leaving;
    }

    @Override
    public boolean isPipelineFull() {
        return outstanding >= ToyProtocol.PIPELINE_MAX;
    }

    @Override
    public boolean isClientMessageOpen() {
        return serverLineOpen && !serverLineSwallowed;
    }

    @Override
    public boolean isInterrupted() {
        return isClientMessageOpen() && outstanding == 0 && !inTransaction && !clientLineOpen;
    }

    @Override
    public int clientMessageRest(ByteBuf in) {
        int length = in.bytesBefore((byte) '\n');
        return length < 0 ? in.readableBytes() : length + 1;
    }

    @Override
    public void heldFor(long nanos) {}

    @Override
    public void answerHeld(ByteBuf in) {
        skipAtSafePoint(in);
        while (in.readableBytes() >= 5 && in.getByte(in.readerIndex()) == 'P') {
            in.skipBytes(5);
            say("I PONG");
        }
        if (in.isReadable() && in.getByte(in.readerIndex()) == 'Q') {
            leaving = true;
        }
    }

    @Override
    public void refuse(ByteBuf in, Refusal refusal) {
        finishSkipping(in);
        while (in.isReadable()) {
            byte first = in.getByte(in.readerIndex());
            if (first == 'Q') {
                leaving = true;
            }
            if (first != 'Q' && first != 'N') {
                say("! " + refusal.label());
            }
            skipping = true;
            finishSkipping(in);
        }
    }

    private void finishSkipping(ByteBuf in) {
        if (skipping) {
            int rest = in.bytesBefore((byte) '\n');
            skipping = rest < 0;
            in.skipBytes(rest < 0 ? in.readableBytes() : rest + 1);
        }
    }

    @Override
    public boolean isSkipping() {
        return skipping;
    }

    @Override
    public void farewell(Refusal refusal) {
        say("! " + refusal.label());
    }

    @Override
    public void reject(ByteBuf nativeError) {
        port.toClient(port.allocator().buffer().writeBytes(nativeError.duplicate()));
    }

    @Override
    public void fromServerWhileHeld(ByteBuf in) {
        while (in.isReadable()) {
            if (!serverLineOpen) {
                serverLineSwallowed = in.getByte(in.readerIndex()) != '*';
            }
            int length = clientMessageRest(in);
            serverLineOpen = in.getByte(in.readerIndex() + length - 1) != '\n';
            ByteBuf piece = in.readSlice(length);
            if (!serverLineSwallowed) {
                port.toClient(port.allocator().buffer().writeBytes(piece));
            }
        }
    }

    @Override
    public SessionState initialState() {
        return new ToyState(Map.of(), false);
    }

    @Override
    public Exchange<Described> describe(LinkFacts facts) {
        return new ToyExchanges.Describe(port);
    }

    @Override
    public Exchange<Boolean> hearOut(LinkFacts facts) {
        return new ToyExchanges.HearOut(port);
    }

    @Override
    public Exchange<Optional<String>> replay(SessionState state, LinkFacts facts) {
        return new ToyExchanges.Replay((ToyState) state);
    }

    @Override
    public void movedTo(LinkFacts facts) {
        say("* moved to " + ((ToyFacts) facts).server());
    }

    @Override
    public String activity() {
        return atSafePoint() ? "idle" : "active";
    }

    @Override
    public void close() {}

    private void say(String line) {
        port.toClient(Lines.of(port.allocator(), line + "\n"));
    }
}
