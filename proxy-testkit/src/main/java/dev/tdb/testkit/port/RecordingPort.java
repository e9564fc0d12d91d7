package dev.tdb.testkit.port;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.SessionPort;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.relay.KeptBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A client's connection that notes what it is sent. For a conversation that needs no more than that of its session. */
public class RecordingPort implements SessionPort {
    private final QueryEvents events = new QueryEvents(1 << 12);
    private final KeptBytes keptBytes;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    public RecordingPort() {
        this(KeptBytes.unbounded());
    }

    public RecordingPort(KeptBytes keptBytes) {
        this.keptBytes = keptBytes;
    }

    /** What was sent since the last call. */
    public final byte[] takeSent() {
        byte[] bytes = sent.toByteArray();
        sent.reset();
        return bytes;
    }

    /** What was reported since the last call. */
    public final List<QueryEvent> takeEvents() {
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
        sent.writeBytes(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    @Override
    public void toServer(ByteBuf bytes) {
        bytes.release();
        throw new IllegalStateException("nothing is sent to a server but what a client sent");
    }

    @Override
    public void interrupt(int number, Secret secret, boolean ends, Consumer<Boolean> then) {
        throw new IllegalStateException("cancels come by a handshake");
    }

    @Override
    public QueryEvents queryEvents() {
        return events;
    }

    @Override
    public KeptBytes keptBytes() {
        return keptBytes;
    }

    @Override
    public String clientAddress() {
        return "10.0.0.7:4711";
    }
}
