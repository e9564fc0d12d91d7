package dev.tdb.postgres.backend;

import dev.tdb.postgres.codec.ParsedStatement;
import dev.tdb.proxy.frontend.SessionState;
import java.util.List;
import java.util.Optional;

/**
 * What a session has built up on its server. Its strings are bytes, each character one, in the encoding the session had
 * chosen: they go back to a server as they came from one, whatever they mean.
 *
 * @param settings what differs from the login, in the server's order
 * @param customSettings settings with a dot in their name, which servers do not list
 * @param role the effective role, {@code none} for the login's own; empty when nothing was asked
 * @param prepared the texts of SQL's PREPARE, one statement each
 * @param parsed what the protocol's Parse prepared under a name
 * @param unnamed what it prepared under none, and may still be bound
 * @param channels of LISTEN
 */
public record PostgresSessionState(
        List<Setting> settings,
        List<Setting> customSettings,
        String role,
        List<String> prepared,
        List<ParsedStatement> parsed,
        Optional<ParsedStatement> unnamed,
        List<String> channels)
        implements SessionState {
    /** A name and the value that {@code set_config} takes. */
    public record Setting(String name, String value) {
        /** Values may be secrets; logs print states. */
        @Override
        public String toString() {
            return name;
        }
    }

    public PostgresSessionState {
        settings = List.copyOf(settings);
        customSettings = List.copyOf(customSettings);
        prepared = List.copyOf(prepared);
        parsed = List.copyOf(parsed);
        channels = List.copyOf(channels);
    }

    /** Nothing beyond the login. */
    public static PostgresSessionState initial() {
        return new PostgresSessionState(List.of(), List.of(), "", List.of(), List.of(), Optional.empty(), List.of());
    }

    /** Names and numbers only: a state is printed with the one of the session, in the log of a bug. */
    @Override
    public String toString() {
        return "settings " + settings + ", custom settings " + customSettings + ", " + prepared.size() + " prepared, "
                + parsed.size() + " parsed, " + channels.size() + " channels";
    }

    @Override
    public boolean subscribed() {
        return !channels.isEmpty();
    }
}
