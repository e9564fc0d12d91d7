package dev.tdb.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.route.RouteState;
import dev.tdb.proxy.toy.Lines;
import dev.tdb.proxy.toy.NoLeaks;
import dev.tdb.proxy.toy.ToyNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the proxy itself asks of a server. */
@ExtendWith(NoLeaks.class)
final class LinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Link link = BareLinks.on(channel, ToyNode.route("shop__acme", 6379, 1, new RouteState.Open()));
    private final List<Optional<String>> answers = new ArrayList<>();

    LinkTest() {
        channel.freezeTime();
        channel.pipeline().addLast(link);
    }

    /** Asks for one line. */
    private static final class Question implements Exchange<String> {
        @Override
        public ByteBuf request(ByteBufAllocator allocator) {
            return Lines.of(allocator, "WHO\n");
        }

        @Override
        public Optional<String> onBytes(ByteBuf in) {
            int end = in.bytesBefore((byte) '\n');
            return end < 0 ? Optional.empty() : Optional.of(in.readString(end + 1, StandardCharsets.US_ASCII));
        }
    }

    private void pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
    }

    private String sent() {
        ByteBuf out = channel.readOutbound();
        if (out == null) {
            return "";
        }
        try {
            return out.toString(StandardCharsets.US_ASCII);
        } finally {
            out.release();
        }
    }

    @Test
    void aServerThatDoesNotAnswerInTimeIsLost() {
        link.ask(new Question(), PATIENCE, answers::add);
        assertThat(sent()).isEqualTo("WHO\n");
        pass(PATIENCE);

        assertThat(answers).containsExactly(Optional.empty());
        assertThat(link.isLost()).isTrue();
    }

    @Test
    void theTimeOfAQuestionBeginsWhenItIsSent() {
        link.cancelBegan();
        link.ask(new Question(), PATIENCE, answers::add);
        pass(PATIENCE.multipliedBy(2));
        assertThat(sent()).isEmpty();
        link.cancelEnded();
        assertThat(sent()).isEqualTo("WHO\n");
        pass(PATIENCE.minusMillis(1));

        channel.writeInbound(Lines.of(channel.alloc(), "old\n"));

        assertThat(answers).containsExactly(Optional.of("old\n"));
        pass(PATIENCE);
        assertThat(link.isLost()).isFalse();
        link.close();
    }

    @Test
    void aQuestionWithoutADeadlineIsAnsweredOrItsLinkLost() {
        link.ask(new Question(), answers::add);
        assertThat(sent()).isEqualTo("WHO\n");
        pass(Duration.ofDays(1));
        assertThat(answers).isEmpty();

        channel.close();

        assertThat(answers).containsExactly(Optional.empty());
    }
}
