package dev.tdb.admin.http;

import dev.tdb.admin.http.RateLimits.Rate;

/**
 * How the API listens, and how much it takes.
 *
 * @param host address to bind
 * @param port 0 for any free one
 * @param bodyBytesMax of a request
 * @param connectionsMax at a time
 * @param streamsMax event streams at a time
 * @param perAddress requests without a key, for each address
 * @param perKey requests of each key
 * @param loopbackExempt no limits for requests from this machine
 * @param operatorExempt no limits for the operator's key
 */
public record HttpSettings(
        String host,
        int port,
        int bodyBytesMax,
        int connectionsMax,
        int streamsMax,
        Rate perAddress,
        Rate perKey,
        boolean loopbackExempt,
        boolean operatorExempt) {
    public static HttpSettings on(String host, int port) {
        return new HttpSettings(host, port, 1 << 20, 1000, 100, new Rate(100, 100), new Rate(50, 200), true, true);
    }
}
