package dev.tdb.postgres.backend;

import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.backend.ServerLogin;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/** A connection to a server that notes what a login does to it; work off the loop waits until it is told to run. */
final class RecordingLoginActions implements ServerLogin.Actions {
    Optional<byte[]> endPoint = Optional.empty();
    int tlsStarted;
    int worked;
    final List<PostgresLinkFacts> succeeded = new ArrayList<>();
    final List<LinkFailure> failed = new ArrayList<>();
    private final Deque<Runnable> work = new ArrayDeque<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    /** What was sent since the last call. */
    ByteBuf takeSent() {
        byte[] bytes = sent.toByteArray();
        sent.reset();
        return Unpooled.wrappedBuffer(bytes);
    }

    /** Runs what was put off, and what follows from it. */
    void work() {
        while (!work.isEmpty()) {
            worked++;
            work.removeFirst().run();
        }
    }

    @Override
    public ByteBufAllocator allocator() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public void send(ByteBuf bytes) {
        sent.writeBytes(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    @Override
    public void startTls() {
        tlsStarted++;
    }

    @Override
    public Optional<byte[]> tlsServerEndPoint() {
        return endPoint;
    }

    @Override
    public <T> void offLoop(Callable<T> task, Consumer<T> then) {
        work.add(() -> {
            try {
                then.accept(task.call());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Override
    public void succeed(LinkFacts facts) {
        succeeded.add((PostgresLinkFacts) facts);
    }

    @Override
    public void fail(LinkFailure failure) {
        failed.add(failure);
    }
}
