package dev.tdb.proxy.toy;

import dev.tdb.proxy.frontend.SessionState;
import java.util.Map;

/** The settings of a session, and whether it subscribed. */
public record ToyState(Map<String, String> settings, boolean subscribed) implements SessionState {
    public ToyState {
        settings = Map.copyOf(settings);
    }
}
