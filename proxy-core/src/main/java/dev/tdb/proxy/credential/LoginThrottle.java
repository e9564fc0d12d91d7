package dev.tdb.proxy.credential;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Failed logins by (address, user): after {@code failuresMax} of them within a minute that pair waits; nobody else does.
 * From any thread.
 */
public final class LoginThrottle {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int PAIRS_MAX = 100_000;

    /** As long as a name can be that is known; longer ones are all the same, and cost no more. */
    private static final int USER_CHARS_MAX = 63;

    private static final String LONG_USER = "x".repeat(USER_CHARS_MAX + 1);

    private record Pair(String address, String user) {
        private Pair {
            if (user.length() > USER_CHARS_MAX) {
                user = LONG_USER;
            }
        }
    }

    private record Failures(int count, Instant since) {}

    private final int failuresMax;
    private final InstantSource clock;
    private final Cache<Pair, Failures> failures;

    public LoginThrottle(int failuresMax, InstantSource clock) {
        this(failuresMax, clock, PAIRS_MAX);
    }

    /** @param pairsMax remembered at once; who tries with more names than that makes others forgotten */
    LoginThrottle(int failuresMax, InstantSource clock, int pairsMax) {
        this.failuresMax = failuresMax;
        this.clock = clock;
        this.failures = Caffeine.newBuilder()
                .maximumSize(pairsMax)
                .expireAfterWrite(WINDOW)
                .build();
    }

    /** How long the pair has to wait; empty when it may try. */
    public Optional<Duration> wait(String address, String user) {
        Failures sofar = failures.getIfPresent(new Pair(address, user));
        if (sofar == null || sofar.count < failuresMax) {
            return Optional.empty();
        }
        Duration left = Duration.between(clock.instant(), sofar.since.plus(WINDOW));
        return left.isPositive() ? Optional.of(left) : Optional.empty();
    }

    public void failed(String address, String user) {
        Instant now = clock.instant();
        failures.asMap().merge(new Pair(address, user), new Failures(1, now), (old, _) -> {
            boolean over = old.since.plus(WINDOW).isBefore(now);
            return over ? new Failures(1, now) : new Failures(old.count + 1, old.since);
        });
    }
}
