package dev.tdb.proxy.backend;

import dev.tdb.proxy.credential.Role;
import java.util.Map;

/**
 * What a link was logged in with besides its route: two sessions may use the same link, one after the other, only if
 * this is equal.
 *
 * @param parameters the client's own start-up parameters that the server was given
 */
public record LinkProfile(Role role, Map<String, String> parameters) {
    public LinkProfile {
        parameters = Map.copyOf(parameters);
    }
}
