package dev.tdb.postgres.frontend;

import dev.tdb.postgres.message.NegotiateProtocolVersion;
import dev.tdb.postgres.message.StartupMessage;
import dev.tdb.proxy.refusal.ProtocolViolation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A StartupMessage of protocol 3, understood: who says to be whom, and what session is asked for.
 *
 * @param database the user's name where the client named none
 * @param minorVersion what we will speak with it: 0 or 2
 * @param parameters as {@link SessionStart#parameters()}
 * @param isReplication whether not a session but a replication connection is asked for
 */
record SessionRequest(
        String user, String database, int minorVersion, Map<String, String> parameters, boolean isReplication) {
    /** The newest minor version we speak; 1 was never in use. */
    static final int MINOR_VERSION_MAX = 2;

    private static final String PROTOCOL_OPTION_PREFIX = "_pq_.";
    private static final String OPTIONS = "options";
    private static final Set<String> RESERVED = Set.of("user", "database", "replication", OPTIONS);

    SessionRequest {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** Whether a server would not take a start-up parameter of this name for a run-time parameter. */
    static boolean isReserved(String name) {
        return RESERVED.contains(name) || name.startsWith(PROTOCOL_OPTION_PREFIX);
    }

    /** @throws ProtocolViolation when it names no user, or says of replication what nobody understands */
    static SessionRequest of(StartupMessage message) {
        Map<String, String> given = message.parameters();
        String user = given.getOrDefault("user", "");
        if (user.isEmpty()) {
            throw new ProtocolViolation("no PostgreSQL user name specified in startup packet");
        }
        String database = given.getOrDefault("database", "");
        Map<String, String> parameters = new LinkedHashMap<>();
        String options = given.getOrDefault(OPTIONS, "");
        StartupOptions.parse(options)
                .ifPresentOrElse(
                        expanded -> expanded.forEach((name, value) -> put(parameters, name, value)),
                        () -> parameters.put(OPTIONS, options));
        given.forEach((name, value) -> {
            if (!isReserved(name)) {
                put(parameters, name, value); // after the options: what is named by itself counts
            }
        });
        return new SessionRequest(
                user,
                database.isEmpty() ? user : database,
                spoken(message.minorVersion()),
                parameters,
                isReplication(given.getOrDefault("replication", "false")));
    }

    /** What a client must be told of the version and the options that it asked for and will not get. */
    static Optional<NegotiateProtocolVersion> negotiation(StartupMessage message) {
        List<String> options = message.parameters().keySet().stream()
                .filter(name -> name.startsWith(PROTOCOL_OPTION_PREFIX))
                .toList();
        int spoken = spoken(message.minorVersion());
        return spoken == message.minorVersion() && options.isEmpty()
                ? Optional.empty()
                : Optional.of(new NegotiateProtocolVersion(spoken, options));
    }

    /** A client must never be offered a newer version than it asked for. */
    private static int spoken(int asked) {
        return asked >= MINOR_VERSION_MAX ? MINOR_VERSION_MAX : 0;
    }

    /** Parameter names are equal but for case. The last value counts. */
    private static void put(Map<String, String> parameters, String name, String value) {
        parameters.keySet().removeIf(name::equalsIgnoreCase);
        parameters.put(name, value);
    }

    private static boolean isReplication(String value) {
        if (value.equals("database")) {
            return true;
        }
        String word = value.toLowerCase(Locale.ROOT);
        if (word.equals("1") || word.equals("on") || isStart(word, "true") || isStart(word, "yes")) {
            return true;
        }
        if (word.equals("0")
                || word.equals("of")
                || word.equals("off")
                || isStart(word, "false")
                || isStart(word, "no")) {
            return false;
        }
        throw new ProtocolViolation("invalid value for parameter \"replication\"");
    }

    private static boolean isStart(String word, String whole) {
        return !word.isEmpty() && whole.startsWith(word);
    }
}
