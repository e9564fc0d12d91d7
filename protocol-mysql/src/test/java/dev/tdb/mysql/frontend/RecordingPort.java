package dev.tdb.mysql.frontend;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.observe.QueryEvents;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A client's connection and its server's, that note what they are sent. */
final class RecordingPort implements SessionPort {
    /** A wish to interrupt another session, and how to say what became of it. */
    record Interrupt(int number, boolean ends, Consumer<Boolean> then) {}

    final ArrayDeque<Interrupt> interrupts = new ArrayDeque<>();
    private final QueryEvents events = new QueryEvents(1 << 12);
    private final ByteArrayOutputStream toClient = new ByteArrayOutputStream();
    private final ByteArrayOutputStream toServer = new ByteArrayOutputStream();

    /** What the client was sent since the last call. */
    byte[] takeToClient() {
        return take(toClient);
    }

    /** What the server was sent since the last call. */
    byte[] takeToServer() {
        return take(toServer);
    }

    private static byte[] take(ByteArrayOutputStream sent) {
        byte[] bytes = sent.toByteArray();
        sent.reset();
        return bytes;
    }

    /** What was reported since the last call. */
    List<QueryEvent> takeEvents() {
        List<QueryEvent> taken = new ArrayList<>();
        events.drain(taken::add, Integer.MAX_VALUE);
        return taken;
    }

    @Override
    public int sessionNumber() {
        return 41;
    }

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void toClient(ByteBuf bytes) {
        toClient.writeBytes(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    @Override
    public void toServer(ByteBuf bytes) {
        toServer.writeBytes(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    @Override
    public void interrupt(int sessionNumber, Secret secret, boolean ends, Consumer<Boolean> then) {
        interrupts.add(new Interrupt(sessionNumber, ends, then));
    }

    @Override
    public QueryEvents queryEvents() {
        return events;
    }

    @Override
    public String clientAddress() {
        return "10.0.0.7:4711";
    }
}
