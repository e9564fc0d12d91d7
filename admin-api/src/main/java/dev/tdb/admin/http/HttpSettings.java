package dev.tdb.admin.http;

import dev.tdb.admin.http.RateLimits.Rate;
import dev.tdb.proxy.listen.AddressRange;
import java.util.List;
import java.util.Optional;

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
 * @param loopbackExempt no limits for requests from this machine that no reverse proxy has passed on
 * @param operatorExempt no limits for the operator's key
 * @param forwardedFrom reverse proxies whose word on who the client is, {@code X-Forwarded-For}, is taken
 * @param metrics where {@code /metrics} is to be instead of here
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
        boolean operatorExempt,
        List<AddressRange> forwardedFrom,
        Optional<Place> metrics) {
    /** Where to listen; port 0 for any free one. */
    public record Place(String host, int port) {}

    public HttpSettings {
        forwardedFrom = List.copyOf(forwardedFrom);
    }

    public static HttpSettings on(String host, int port) {
        return new HttpSettings(
                host,
                port,
                1 << 20,
                1000,
                100,
                new Rate(100, 100),
                new Rate(50, 200),
                true,
                true,
                List.of(),
                Optional.empty());
    }

    /** The same at another place. */
    public HttpSettings at(Place place) {
        return new HttpSettings(
                place.host(),
                place.port(),
                bodyBytesMax,
                connectionsMax,
                streamsMax,
                perAddress,
                perKey,
                loopbackExempt,
                operatorExempt,
                forwardedFrom,
                metrics);
    }
}
