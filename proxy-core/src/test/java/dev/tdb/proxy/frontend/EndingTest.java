package dev.tdb.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.toy.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class EndingTest {
    private static final Refusal REFUSAL = new Refusal.Terminated("an operator");
    private static final String MESSAGE = "I half";

    @RegisterExtension
    final RecordingActions actions = new RecordingActions();

    private final Ending ending = new Ending(actions.link, REFUSAL, Duration.ofSeconds(1));

    @BeforeEach
    void inTheMiddleOfAMessage() {
        actions.conversation.clientMessageOpen = true;
        actions.conversation.messageRestBytes = MESSAGE.length();
    }

    /** The message began before; {@code rest} of it is missing. */
    private void restIs(String rest) {
        actions.conversation.messageRestBytes = rest.length();
        actions.conversation.onLook = () -> actions.conversation.clientMessageOpen = false;
    }

    @Test
    void theRestOfTheMessageIsFollowedByTheLastWord() {
        restIs("lf");

        assertThat(ending.onServer(actions.bytes("lf"), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("toClient lf", "cut@1", "say " + REFUSAL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"I next", "I", "I next\nI after"})
    void theNextMessageIsNotPassedOn(String next) {
        restIs("lf");

        assertThat(ending.onServer(actions.bytes("lf" + next), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("toClient lf", "cut@1", "say " + REFUSAL);
    }

    @Test
    void theRestMayComeInPieces() {
        assertThat(ending.onServer(actions.bytes("l"), actions)).isSameAs(ending);
        restIs("f");

        assertThat(ending.onServer(actions.bytes("f"), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("toClient l", "toClient f", "cut@1", "say " + REFUSAL);
    }

    @Test
    void aServerThatBreaksTheProtocolIsToBlame() {
        actions.conversation.violates = true;

        assertThatThrownBy(() -> ending.onServer(actions.bytes("nonsense"), actions))
                .isInstanceOf(ServerViolation.class);

        assertThat(actions.done()).isEmpty();
    }

    @Test
    void theClientIsReadNoMore() {
        assertThat(ending.onClient(actions.bytes("WHO"), actions)).isSameAs(ending);

        assertThat(actions.done()).isEmpty();
        assertThat(ending.readsClient()).isFalse();
    }

    @Test
    void aRestThatDoesNotComeInTimeIsNotWaitedFor() {
        assertThat(ending.deadline(actions.nowNanos)).contains(Duration.ofSeconds(1));

        assertThat(ending.onEvent(new FrontendEvent.DeadlinePassed(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("cut@1", "close");
    }

    @Test
    void aRestThatCannotComeIsNotWaitedFor() {
        assertThat(ending.onEvent(new FrontendEvent.LinkLost(), actions)).isEqualTo(new Closed());

        assertThat(actions.done()).containsExactly("cut@1", "close");
    }

    @Test
    void whatItIsToldIsItsFirstReason() {
        FrontendEvent again = new FrontendEvent.EndAsked(new Refusal.ShuttingDown());

        assertThat(ending.onEvent(again, actions)).isSameAs(ending);
    }
}
