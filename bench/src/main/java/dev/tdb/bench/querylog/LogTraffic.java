package dev.tdb.bench.querylog;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * One day's queries of many tenants, of which the first is the busiest; the same each time.
 *
 * @param entries of all tenants and days together
 * @param largest how many of them are the first tenant's
 */
record LogTraffic(long entries, int tenants, long largest, int days, LocalDate lastDay) {
    static final ProjectId PROJECT = new ProjectId("tdb_00000001");

    /** Two entries of the first tenant have it, on the first day. */
    static final String RARE = "zebra_crossing";

    private static final long MICROS_PER_DAY = TimeUnit.DAYS.toMicros(1);

    static String tenant(int number) {
        return "tenant" + number;
    }

    List<LocalDate> allDays() {
        return lastDay.minusDays(days - 1L).datesUntil(lastDay.plusDays(1)).toList();
    }

    long perDay() {
        return entries / days;
    }

    /** Makes the events of one day, in the order in which they end. */
    final class Day {
        private final Random random;
        private final long startMicros;
        private final boolean isFirst;
        private final List<RouteKey> routes = new ArrayList<>();
        private long made;

        Day(LocalDate day) {
            this.random = new Random(day.toEpochDay());
            this.startMicros = TimeUnit.SECONDS.toMicros(day.atStartOfDay().toEpochSecond(ZoneOffset.UTC));
            this.isFirst = day.equals(allDays().getFirst());
            for (int i = 0; i < tenants; i++) {
                routes.add(new RouteKey(Engine.POSTGRES, PROJECT, new DatabaseName("shop", tenant(i))));
            }
        }

        QueryEvent next() {
            long number = made++;
            long ended = startMicros + number * MICROS_PER_DAY / perDay();
            boolean isLargest = random.nextDouble() * entries < largest;
            int tenant = isLargest ? 0 : 1 + random.nextInt(Math.max(1, tenants - 1));
            long nanos = (long) Math.exp(13 + 1.2 * random.nextGaussian());
            boolean isFailed = random.nextInt(200) == 0;
            boolean isRare = isFirst && isLargest && (number == 0 || random.nextInt(50_000) == 0);
            return new QueryEvent(
                    routes.get(Math.min(tenant, tenants - 1)),
                    random.nextInt(100) == 0 ? QueryEvent.Source.API : QueryEvent.Source.PROXY,
                    ended - nanos / 1000,
                    "tdb_5e0c7a91",
                    "10.4." + random.nextInt(8) + "." + random.nextInt(250) + ":" + (32_768 + random.nextInt(28_000)),
                    isRare ? "SELECT '" + RARE + "'" : text(),
                    isFailed ? "23505" : "",
                    isFailed ? "duplicate key value violates unique constraint \"orders_pkey\"" : "",
                    nanos,
                    0,
                    random.nextInt(20),
                    80 + random.nextInt(2_000));
        }

        private String text() {
            int id = random.nextInt(1 << 24);
            return switch (random.nextInt(6)) {
                case 0 ->
                    "SELECT id, total, placed_at FROM orders WHERE customer = " + id
                            + " AND state = 'open' ORDER BY placed_at DESC LIMIT 20";
                case 1 -> "UPDATE carts SET quantity = " + id % 9 + ", changed_at = now() WHERE id = " + id;
                case 2 ->
                    "INSERT INTO visits (page, visitor, referrer) VALUES ('/products/" + id + "', '" + id * 31L
                            + "', 'https://search.example/?q=shoes')";
                case 3 ->
                    "SELECT p.id, p.name, p.price, s.level FROM products p JOIN stock s ON s.product = p.id"
                            + " LEFT JOIN discounts d ON d.product = p.id AND d.until > now() WHERE p.category = $1 AND"
                            + " p.price BETWEEN $2 AND $3 ORDER BY p.rank LIMIT 50";
                case 4 -> "BEGIN";
                default -> "SELECT name, mail FROM customers WHERE id = $1";
            };
        }
    }
}
