package dev.tdb.postgres.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.route.RouteKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client asked for in its StartupMessage, once it has proved who it is.
 *
 * @param minorVersion of protocol 3, as negotiated: 0 or 2
 * @param parameters the run-time parameters to log in with at the server, in the client's spelling and order, no two
 *     names equal but for case; {@code options} is expanded into them, unless it holds switches only a server can judge
 *     (then the key {@code options} is still there)
 */
public record SessionStart(RouteKey route, Credential credential, int minorVersion, Map<String, String> parameters) {
    public SessionStart {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
}
