package dev.tdb.proxy.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LoginThrottleTest {
    private static final String ADDRESS = "203.0.113.7";
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final LoginThrottle throttle = new LoginThrottle(3, () -> now);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            throttle.failed(ADDRESS, "user");
        }
    }

    @Test
    void whoFailsLessThanItMayTriesAgainAtOnce() {
        fail(2);

        assertThat(throttle.wait(ADDRESS, "user")).isEmpty();
    }

    @Test
    void namesThatAreTooLongAreOne() {
        IntStream.range(0, 3).forEach(i -> throttle.failed(ADDRESS, i + "u".repeat(63)));

        assertThat(throttle.wait(ADDRESS, "v".repeat(9_900))).isPresent();
        assertThat(throttle.wait(ADDRESS, "v".repeat(63))).isEmpty();
    }

    @Test
    void whoFailsTooOftenWaitsUntilAMinuteAfterTheFirstFailure() {
        fail(1);
        now = now.plusSeconds(20);
        fail(2);

        assertThat(throttle.wait(ADDRESS, "user")).contains(Duration.ofSeconds(40));

        now = now.plusSeconds(39);
        assertThat(throttle.wait(ADDRESS, "user")).contains(Duration.ofSeconds(1));
        now = now.plusSeconds(1);
        assertThat(throttle.wait(ADDRESS, "user")).isEmpty();
    }

    @Test
    void whoWaitsIsNotMadeToWaitLongerByAskingAgain() {
        fail(3);
        now = now.plusSeconds(30);

        throttle.wait(ADDRESS, "user");

        assertThat(throttle.wait(ADDRESS, "user")).contains(Duration.ofSeconds(30));
    }

    @Test
    void theNextMinuteIsCountedAnew() {
        fail(3);
        now = now.plus(WINDOW).plusMillis(1);
        fail(2);
        assertThat(throttle.wait(ADDRESS, "user")).isEmpty();

        fail(1);

        assertThat(throttle.wait(ADDRESS, "user")).contains(WINDOW);
    }

    @Test
    void nobodyElseWaits() {
        fail(100);

        assertThat(throttle.wait(ADDRESS, "another")).isEmpty();
        assertThat(throttle.wait("203.0.113.8", "user")).isEmpty();
        assertThat(throttle.wait(ADDRESS, "user")).isPresent();
    }

    @Test
    void whoeverTriesWithManyNamesIsNotRememberedWithoutBound() {
        LoginThrottle small = new LoginThrottle(1, () -> now, 10);

        IntStream.range(0, 10_000).forEach(i -> small.failed(ADDRESS, "user" + i));

        await().untilAsserted(() -> assertThat(IntStream.range(0, 10_000)
                        .filter(i -> small.wait(ADDRESS, "user" + i).isPresent()))
                .hasSizeLessThanOrEqualTo(10));
    }
}
