package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.backend.LinkProfile;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.ToyFacts;
import dev.tdb.proxy.toy.ToyState;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Understands no protocol: what it says of the bytes it is shown, a test has told it before. */
final class ScriptedConversation implements Conversation {
    static final SessionState INITIAL = new ToyState(Map.of(), false);

    private final Consumer<String> record;

    boolean atSafePoint;
    boolean leaving;
    boolean clientMessageOpen;
    boolean interrupted;
    boolean skipping;
    boolean violates;

    /** What certainly belongs to the present unit: so many bytes at most. */
    int presentUnitBytes;

    /** What is forwarded when any unit may begin: so many bytes at most. */
    int forwardedBytes = Integer.MAX_VALUE;

    /** What means nothing at a safe point. */
    int skippedBytes;

    /** What needs no server. */
    int answeredBytes;

    int messageRestBytes = Integer.MAX_VALUE;

    Optional<Destination> destination = Optional.empty();

    /** What it finds when it has looked at bytes of either side. */
    Runnable onLook = () -> {};

    ScriptedConversation(Consumer<String> record) {
        this.record = record;
    }

    private void look() {
        if (violates) {
            throw new ProtocolViolation("scripted");
        }
        onLook.run();
    }

    @Override
    public LinkProfile profile() {
        return new LinkProfile(Role.WRITE, Map.of());
    }

    @Override
    public Optional<Secret> cancelSecret() {
        return Optional.empty();
    }

    @Override
    public void welcome(LinkFacts facts) {
        record.accept("welcome " + ((ToyFacts) facts).server());
    }

    @Override
    public boolean welcomeUnlinked(Optional<LinkFacts> lastSeen) {
        throw new AssertionError("states ask their actions");
    }

    @Override
    public void skipAtSafePoint(ByteBuf in) {
        look();
        in.skipBytes(Math.min(skippedBytes, in.readableBytes()));
    }

    @Override
    public int fromClient(ByteBuf in, boolean presentUnitOnly) {
        look();
        return Math.min(presentUnitOnly ? presentUnitBytes : forwardedBytes, in.readableBytes());
    }

    @Override
    public void fromServer(ByteBuf in) {
        look();
    }

    @Override
    public boolean atSafePoint() {
        return atSafePoint;
    }

    @Override
    public Optional<Destination> destination() {
        return destination;
    }

    @Override
    public void departed() {
        throw new AssertionError("states ask their actions");
    }

    @Override
    public void stayed(Refusal refusal) {
        record.accept("stayed " + refusal);
        destination = Optional.empty();
    }

    @Override
    public boolean isLeaving() {
        return leaving;
    }

    @Override
    public boolean isPipelineFull() {
        return false;
    }

    @Override
    public boolean isClientMessageOpen() {
        return clientMessageOpen;
    }

    @Override
    public boolean isInterrupted() {
        return interrupted;
    }

    @Override
    public int clientMessageRest(ByteBuf in) {
        return Math.min(messageRestBytes, in.readableBytes());
    }

    @Override
    public void heldFor(long nanos) {
        throw new AssertionError("states tell their actions");
    }

    @Override
    public void answerHeld(ByteBuf in) {
        look();
        in.skipBytes(Math.min(answeredBytes, in.readableBytes()));
    }

    @Override
    public void refuse(ByteBuf in, Refusal refusal) {
        record.accept("refuse " + text(in) + " " + refusal);
        look();
        in.skipBytes(in.readableBytes());
    }

    @Override
    public boolean isSkipping() {
        return skipping;
    }

    @Override
    public void farewell(Refusal refusal) {
        throw new AssertionError("states ask their actions");
    }

    @Override
    public void reject(ByteBuf nativeError) {
        record.accept("reject " + text(nativeError));
    }

    @Override
    public void fromServerWhileHeld(ByteBuf in) {
        record.accept("whileHeld " + text(in));
        look();
    }

    @Override
    public SessionState initialState() {
        return INITIAL;
    }

    @Override
    public Exchange<Described> describe(LinkFacts facts) {
        throw new AssertionError("states ask their actions");
    }

    @Override
    public Exchange<Optional<String>> replay(SessionState state, LinkFacts facts) {
        throw new AssertionError("states ask their actions");
    }

    @Override
    public void movedTo(LinkFacts facts) {
        record.accept("movedTo " + ((ToyFacts) facts).server());
    }

    @Override
    public String activity() {
        return "scripted";
    }

    @Override
    public void close() {}

    static String text(ByteBuf bytes) {
        return bytes.toString(StandardCharsets.US_ASCII);
    }
}
