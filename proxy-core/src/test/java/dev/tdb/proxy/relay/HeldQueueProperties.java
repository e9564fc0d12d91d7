package dev.tdb.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.toy.Lines;
import dev.tdb.proxy.toy.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whatever sessions of one loop do with what waits: no byte is lost, moved, kept too long or counted wrongly. */
@ExtendWith(NoLeaks.class)
final class HeldQueueProperties {
    private static final int SESSIONS = 7;
    private static final int READ_BYTES_MAX = 64;
    private static final int SESSION_BYTES_MAX = 300;
    private static final int NODE_BYTES_MAX = 1_000;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    /** Of buffers that are not used again, so that each can be seen to have been released. */
    private final ByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

    private final HeldBytes budget = new HeldBytes(NODE_BYTES_MAX);
    private final List<Session> sessions =
            IntStream.range(0, SESSIONS).mapToObj(_ -> new Session()).toList();

    /** A queue, and what ought to be in it. */
    private final class Session {
        private final HeldQueue queue = new HeldQueue(allocator, budget, SESSION_BYTES_MAX);
        private final List<ByteBuf> buffers = new ArrayList<>();
        private String text = "";
        private long since;

        /** As the session does: who is full is not read. */
        private void read(long now) {
            if (queue.isFull()) {
                return;
            }
            String more = random.ints(random.nextInt(READ_BYTES_MAX + 1), 'a', 'z' + 1)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            since = text.isEmpty() ? now : since;
            text += more;
            ByteBuf bytes = Lines.of(allocator, more);
            buffers.add(bytes);
            queue.add(bytes, now);
        }

        /** Sends some of what waits, and keeps the rest. */
        private void sendSome() {
            ByteBuf all = queue.takeAll();
            int count = random.nextInt(all.readableBytes() + 1);
            assertThat(all.readCharSequence(count, StandardCharsets.US_ASCII).toString())
                    .as("seed %d", seed)
                    .isEqualTo(text.substring(0, count));
            text = text.substring(count);
            queue.putBack(all);
        }

        private void sendAll() {
            ByteBuf all = queue.takeAll();
            assertThat(all.toString(StandardCharsets.US_ASCII))
                    .as("seed %d", seed)
                    .isEqualTo(text);
            all.release();
            text = "";
        }

        private void drop() {
            queue.clear();
            text = "";
        }

        private void check(String where) {
            assertThat(queue.size()).as(where).isEqualTo(text.length()).isLessThan(SESSION_BYTES_MAX + READ_BYTES_MAX);
            assertThat(queue.isEmpty()).as(where).isEqualTo(text.isEmpty());
            if (text.isEmpty()) {
                assertThat(buffers)
                        .as(where)
                        .allSatisfy(bytes -> assertThat(bytes.refCnt()).isZero());
                buffers.clear();
            } else {
                assertThat(queue.sinceNanos()).as(where).isEqualTo(since);
            }
        }
    }

    @Test
    void everyByteWaitsInItsPlaceAndIsCountedBack() {
        for (int step = 0; step < 20_000; step++) {
            Session session = sessions.get(random.nextInt(SESSIONS));
            switch (random.nextInt(20)) {
                case 0 -> session.sendAll();
                case 1 -> session.drop();
                case 2, 3 -> session.sendSome();
                default -> session.read(step);
            }
            check(step);
        }

        sessions.forEach(Session::drop);

        assertThat(budget.heldBytes()).isZero();
    }

    /** What is read, session by session, until nobody is read any more. */
    @Test
    void allTogetherKeepNoMoreThanTheyMayAndOneReadOfEach() {
        for (int step = 0; step < 20_000; step++) {
            sessions.get(random.nextInt(SESSIONS)).read(step);
            check(step);
        }

        assertThat(sessions)
                .as("seed %d", seed)
                .allSatisfy(session -> assertThat(session.queue.isFull()).isTrue());
        assertThat(budget.heldBytes()).as("seed %d", seed).isGreaterThan(NODE_BYTES_MAX);
        sessions.forEach(Session::drop);
    }

    private void check(int step) {
        String where = "seed " + seed + ", step " + step;
        sessions.forEach(session -> session.check(where));
        assertThat(budget.heldBytes())
                .as(where)
                .isEqualTo(sessions.stream()
                        .mapToLong(session -> session.queue.size())
                        .sum())
                .isLessThanOrEqualTo(NODE_BYTES_MAX + (long) SESSIONS * READ_BYTES_MAX);
    }
}
