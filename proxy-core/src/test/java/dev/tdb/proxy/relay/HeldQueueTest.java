package dev.tdb.proxy.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.toy.Lines;
import dev.tdb.proxy.toy.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class HeldQueueTest {
    private final HeldBytes budget = new HeldBytes(15);
    private final HeldQueue queue = new HeldQueue(ByteBufAllocator.DEFAULT, budget, 10);
    private final HeldQueue another = new HeldQueue(ByteBufAllocator.DEFAULT, budget, 10);

    private static ByteBuf bytes(String text) {
        return Lines.of(ByteBufAllocator.DEFAULT, text);
    }

    private static String textOf(HeldQueue queue) {
        ByteBuf all = queue.takeAll();
        String text = all.toString(StandardCharsets.US_ASCII);
        all.release();
        return text;
    }

    @Test
    void whatWaitsComesOutInOrderAndIsCountedBack() {
        queue.add(bytes("one "), 1);
        queue.add(bytes("two "), 2);
        queue.add(bytes("three"), 3);
        assertThat(queue.size()).isEqualTo(13);
        assertThat(budget.heldBytes()).isEqualTo(13);

        assertThat(textOf(queue)).isEqualTo("one two three");

        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.size()).isZero();
        assertThat(budget.heldBytes()).isZero();
        assertThat(textOf(queue)).isEmpty();
    }

    @Test
    void itIsAsOldAsTheOldestOfWhatWaits() {
        queue.add(bytes("one"), 5);
        queue.add(bytes("two"), 9);
        assertThat(queue.sinceNanos()).isEqualTo(5);

        queue.clear();
        queue.add(bytes("three"), 12);

        assertThat(queue.sinceNanos()).isEqualTo(12);
        queue.clear();
    }

    @Test
    void whatIsPutBackIsInFrontAndAsOldAsItWas() {
        queue.add(bytes("onetwo"), 5);
        ByteBuf all = queue.takeAll();
        all.skipBytes(3);

        queue.putBack(all);
        queue.add(bytes("three"), 9);

        assertThat(queue.sinceNanos()).isEqualTo(5);
        assertThat(budget.heldBytes()).isEqualTo(8);
        assertThat(textOf(queue)).isEqualTo("twothree");
    }

    @Test
    void nothingIsNotKept() {
        ByteBuf nothing = bytes("");
        ByteBuf read = bytes("read");
        read.skipBytes(4);

        queue.add(nothing, 1);
        queue.putBack(read);

        assertThat(queue.isEmpty()).isTrue();
        assertThat(nothing.refCnt()).isZero();
        assertThat(read.refCnt()).isZero();
    }

    @Test
    void aSessionThatKeepsAllItMayIsFull() {
        queue.add(bytes("123456789"), 1);
        assertThat(queue.isFull()).isFalse();

        queue.add(bytes("0"), 1);

        assertThat(queue.isFull()).isTrue();
        assertThat(queue.isOverBudget()).isFalse();
        queue.clear();
        assertThat(queue.isFull()).isFalse();
    }

    @Test
    void whoKeepsSomethingIsFullWhenAllTogetherKeepTooMuch() {
        another.add(bytes("12345678"), 1);
        queue.add(bytes("1234567"), 1);
        assertThat(queue.isFull()).as("as much as all may keep is not too much").isFalse();

        another.add(bytes("9"), 1);

        assertThat(queue.isFull()).isTrue();
        assertThat(queue.isOverBudget()).isTrue();
        queue.clear();
        assertThat(queue.isFull()).isFalse();
        another.clear();
    }

    @Test
    void whoKeepsNothingIsReadThoughAllTogetherKeepTooMuch() {
        another.add(bytes("1234567890123456"), 1);

        assertThat(queue.isFull()).as("what it sends is answered, or refused").isFalse();
        assertThat(queue.isOverBudget()).isTrue();
        another.clear();
    }
}
