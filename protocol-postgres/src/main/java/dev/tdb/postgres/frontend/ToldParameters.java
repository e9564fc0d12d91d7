package dev.tdb.postgres.frontend;

import dev.tdb.postgres.backend.PostgresLinkFacts;
import dev.tdb.postgres.message.ParameterStatus;
import io.netty.buffer.ByteBuf;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a client was told of its server's parameters, or will be when it speaks next. While a link stands, that is what
 * the link's facts say.
 */
final class ToldParameters {
    private final Map<String, String> owed = new LinkedHashMap<>();
    private Map<String, String> told = Map.of();

    Map<String, String> told() {
        return told;
    }

    /** Everything that {@code facts} say has been passed on, is now, or is owed. */
    void follow(PostgresLinkFacts facts) {
        told = facts.parameters();
        if (!owed.isEmpty()) {
            // What the server has told itself meanwhile is newer.
            owed.entrySet().removeIf(one -> !one.getValue().equals(told.get(one.getKey())));
        }
    }

    /** Writes a ParameterStatus for what differs from what the client knows. */
    void tellDifferences(PostgresLinkFacts facts, ByteBuf out) {
        facts.parameters().forEach((name, value) -> {
            if (!value.equals(told.get(name))) {
                new ParameterStatus(name, value).encode(out);
            }
        });
        follow(facts);
    }

    /**
     * As {@link #tellDifferences}, but not yet: a server reports parameters with its replies only, and drivers that
     * wait for notifications (pgjdbc) take a ParameterStatus in between for the end of the connection.
     */
    void oweDifferences(PostgresLinkFacts facts) {
        facts.parameters().forEach((name, value) -> {
            if (!value.equals(told.get(name))) {
                owed.put(name, value);
            }
        });
        follow(facts);
    }

    boolean owesNothing() {
        return owed.isEmpty();
    }

    void tellOwed(ByteBuf out) {
        owed.forEach((name, value) -> new ParameterStatus(name, value).encode(out));
        owed.clear();
    }

    /**
     * What a session would most likely be told: what another of its route was, but for what this client asked for. A
     * name that the other client chose is not this one's.
     */
    static Map<String, String> likely(Map<String, String> lastSeen, Map<String, String> startup) {
        Map<String, String> likely = new LinkedHashMap<>(lastSeen);
        likely.computeIfPresent("application_name", (_, _) -> "");
        startup.forEach(
                (asked, value) -> likely.replaceAll((name, seen) -> name.equalsIgnoreCase(asked) ? value : seen));
        return likely;
    }

    void tellLikely(Map<String, String> likely, ByteBuf out) {
        likely.forEach((name, value) -> new ParameterStatus(name, value).encode(out));
        told = likely;
    }
}
