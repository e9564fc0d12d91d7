package dev.tdb.admin.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the API writes durations: a number with a unit ({@code "10s"}, {@code "500ms"}, {@code "1.5h"}), units {@code ms
 * s m h d}; a bare number is seconds.
 */
public final class Spans {
    /** Longest span there is a use for; it keeps sums of spans far from overflow. */
    public static final Duration MAX = Duration.ofDays(3650);

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,10}(?:\\.[0-9]{1,9})?)(ms|s|m|h|d)?");

    private Spans() {}

    /** Empty when {@code text} is no duration, or one longer than {@link #MAX}. */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String unit = matcher.group(2);
        return ofNanos(new BigDecimal(matcher.group(1)).multiply(nanosOf(unit == null ? "s" : unit)));
    }

    /** Empty when negative, or longer than {@link #MAX}. */
    public static Optional<Duration> ofSeconds(BigDecimal seconds) {
        // Bounded before it is multiplied: 1e999999999 is a short text and a very long number.
        if (seconds.signum() < 0 || seconds.precision() - (long) seconds.scale() > 12 || seconds.scale() > 1000) {
            return Optional.empty();
        }
        return ofNanos(seconds.multiply(nanosOf("s")));
    }

    private static Optional<Duration> ofNanos(BigDecimal nanos) {
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return Optional.empty();
        }
        Duration span = Duration.ofNanos(nanos.longValue());
        return span.compareTo(MAX) > 0 ? Optional.empty() : Optional.of(span);
    }

    private static BigDecimal nanosOf(String unit) {
        return BigDecimal.valueOf(
                switch (unit) {
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    case "m" -> 60_000_000_000L;
                    case "h" -> 3_600_000_000_000L;
                    case "d" -> 86_400_000_000_000L;
                    default -> throw new IllegalArgumentException("unit " + unit);
                });
    }

    /** Milliseconds with three decimals, as replies give durations. */
    public static double millis(Duration span) {
        return Math.round(span.toNanos() / 1e3) / 1e3;
    }
}
