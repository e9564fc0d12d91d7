package dev.tdb.admin.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many requests a second each address (without a known key) and each key may send. Counts for at most
 * {@value #COUNTED_MAX} of each at a time, the idle ones forgotten first.
 */
public final class RateLimits {
    /**
     * One allowance.
     *
     * @param perSecond requests in the long run; 0 for no limit
     * @param burst requests at once
     */
    public record Rate(int perSecond, int burst) {
        public Rate {
            if (perSecond < 0 || burst < 1) {
                throw new IllegalArgumentException("rate of " + perSecond + "/s, burst " + burst);
            }
        }
    }

    private static final int COUNTED_MAX = 100_000;

    private final LongSupplier nanoTime;
    private final Rate perAddress;
    private final Rate perKey;
    private final Cache<String, Bucket> addresses = counted();
    private final Cache<String, Bucket> guesses = counted();
    private final Cache<String, Bucket> keys = counted();

    public RateLimits(Rate perAddress, Rate perKey, LongSupplier nanoTime) {
        this.perAddress = perAddress;
        this.perKey = perKey;
        this.nanoTime = nanoTime;
    }

    private static Cache<String, Bucket> counted() {
        return Caffeine.newBuilder()
                .maximumSize(COUNTED_MAX)
                .expireAfterAccess(Duration.ofMinutes(10))
                .build();
    }

    /** @throws Failure {@code rate_limited} */
    void countAddress(String address) {
        count(addresses, address, perAddress);
    }

    /**
     * A key that nobody has looked up yet: as many an address as requests without one, and beside those, so that neither
     * stands in the way of a key that is known.
     *
     * @throws Failure {@code rate_limited}
     */
    void countGuess(String address) {
        count(guesses, address, perAddress);
    }

    /** It was no guess: the key is known. */
    void uncountGuess(String address) {
        Bucket bucket = guesses.getIfPresent(address);
        if (bucket != null) {
            bucket.giveBack();
        }
    }

    /** @throws Failure {@code rate_limited} */
    void countKey(String id) {
        count(keys, id, perKey);
    }

    private void count(Cache<String, Bucket> buckets, String name, Rate rate) {
        if (rate.perSecond() == 0) {
            return;
        }
        long waitNanos =
                buckets.get(name, _ -> new Bucket(rate, nanoTime.getAsLong())).take(nanoTime.getAsLong());
        if (waitNanos > 0) {
            throw Failure.rateLimited(1 + waitNanos / 1_000_000_000L);
        }
    }

    /** A token bucket. */
    private static final class Bucket {
        private final Rate rate;
        private double tokens;
        private long filledAt;

        Bucket(Rate rate, long now) {
            this.rate = rate;
            this.tokens = rate.burst();
            this.filledAt = now;
        }

        /** @return 0 when a token was there, otherwise the nanoseconds until one will be */
        synchronized long take(long now) {
            tokens = Math.min(rate.burst(), tokens + (now - filledAt) / 1e9 * rate.perSecond());
            filledAt = now;
            if (tokens >= 1) {
                tokens--;
                return 0;
            }
            return Math.max(1, (long) ((1 - tokens) / rate.perSecond() * 1e9));
        }

        synchronized void giveBack() {
            tokens = Math.min(rate.burst(), tokens + 1);
        }
    }
}
