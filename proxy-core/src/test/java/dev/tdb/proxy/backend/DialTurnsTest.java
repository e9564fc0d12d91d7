package dev.tdb.proxy.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.route.ServerAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whose dial is next. */
final class DialTurnsTest {
    private static final int PER_SERVER_MAX = 8;
    private static final int TOTAL_MAX = 12;

    private final DialTurns turns = new DialTurns(PER_SERVER_MAX, TOTAL_MAX);
    private final List<String> begun = new ArrayList<>();
    private final Set<String> unwanted = new TreeSet<>();

    private static ServerAddress server(String name) {
        return new ServerAddress(name, 5432);
    }

    private void want(String server, int count) {
        for (int i = 1; i <= count; i++) {
            String name = server + i;
            turns.add(server(server), new DialTurns.Dial() {
                @Override
                public boolean isWanted() {
                    return !unwanted.contains(name);
                }

                @Override
                public void begin() {
                    begun.add(name);
                }
            });
        }
    }

    private List<String> next() {
        begun.clear();
        turns.next();
        return List.copyOf(begun);
    }

    @Test
    void oneServerHasABoundOfItsOwn() {
        want("a", PER_SERVER_MAX + 2);
        assertThat(next()).hasSize(PER_SERVER_MAX);

        turns.over(server("a"), true);

        assertThat(next()).containsExactly("a9");
        assertThat(next()).isEmpty();
    }

    @Test
    void whoWaitsForAnotherServerIsNotDelayed() {
        want("dead", 100);
        assertThat(next()).hasSize(PER_SERVER_MAX);
        want("live", 1);

        assertThat(next()).containsExactly("live1");
    }

    @Test
    void allServersTogetherHaveABoundAndTakeTurns() {
        want("a", 7);
        want("b", 7);
        want("c", 1);

        assertThat(next())
                .containsExactly("a1", "b1", "c1", "a2", "b2", "a3", "b3", "a4", "b4", "a5", "b5", "a6")
                .hasSize(TOTAL_MAX);
        turns.over(server("c"), true);
        assertThat(next()).containsExactly("b6");
    }

    @Test
    void aServerThatFailedIsTriedByFewUntilOneSucceeds() {
        want("a", 2 * PER_SERVER_MAX);
        assertThat(next()).hasSize(PER_SERVER_MAX);
        for (int i = 0; i < PER_SERVER_MAX; i++) {
            turns.over(server("a"), false);
        }
        assertThat(next()).containsExactly("a9");

        turns.over(server("a"), true);

        assertThat(next()).hasSize(PER_SERVER_MAX - 1);
    }

    @Test
    void nobodyDialsForWhoLeft() {
        want("a", 3);
        unwanted.addAll(Set.of("a1", "a2"));

        assertThat(next()).containsExactly("a3");
        unwanted.add("b1");
        want("b", 1);
        assertThat(next()).isEmpty();
    }

    @Test
    void whatWasNotBegunIsNotOver() {
        want("a", 1);

        assertThatThrownBy(() -> turns.over(server("a"), true)).isInstanceOf(IllegalStateException.class);
    }
}
