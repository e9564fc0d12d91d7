package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.LengthEncoded;
import dev.tdb.mysql.message.SessionChange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Of all that a server tells of a session, what the client would hear that tracks it on its own: the defaults of a server,
 * and what the client has set itself.
 */
final class TrackingFilter {
    private static final String PREFIX = "session_track_";
    private static final String DEFAULT_VARIABLES =
            "autocommit,character_set_client,character_set_connection,character_set_results,time_zone";

    private final Map<String, String> wishes = new HashMap<>();
    private Set<String> variables = names(DEFAULT_VARIABLES);

    /** Whether a system variable is one of those that say what is tracked. */
    static boolean isAbout(String variable) {
        return variable.startsWith(PREFIX);
    }

    /** The client said what it wants to hear. */
    void wish(String variable, String value) {
        wishes.put(variable, value.toUpperCase(Locale.ROOT));
        if (variable.equals(PREFIX + "system_variables")) {
            variables = names(value);
        }
    }

    void reset() {
        wishes.clear();
        variables = names(DEFAULT_VARIABLES);
    }

    List<SessionChange> of(List<SessionChange> changes) {
        List<SessionChange> wanted = new ArrayList<>();
        for (SessionChange change : changes) {
            switch (change.type()) {
                case SessionChange.SYSTEM_VARIABLES -> addVariables(change, wanted);
                case SessionChange.SCHEMA -> addIf(!isOff("schema", "ON"), change, wanted);
                case SessionChange.STATE_CHANGE -> addIf(!isOff("state_change", "OFF"), change, wanted);
                case SessionChange.TRANSACTION_STATE -> addIf(!isOff("transaction_info", "OFF"), change, wanted);
                case SessionChange.TRANSACTION_CHARACTERISTICS ->
                    addIf(wished("transaction_info", "OFF").equals("CHARACTERISTICS"), change, wanted);
                default -> wanted.add(change);
            }
        }
        return wanted;
    }

    private static void addIf(boolean condition, SessionChange change, List<SessionChange> wanted) {
        if (condition) {
            wanted.add(change);
        }
    }

    private String wished(String name, String otherwise) {
        return wishes.getOrDefault(PREFIX + name, otherwise);
    }

    private boolean isOff(String name, String otherwise) {
        String wish = wished(name, otherwise);
        return wish.equals("OFF") || wish.equals("0");
    }

    private void addVariables(SessionChange change, List<SessionChange> wanted) {
        ByteBuf left = Unpooled.buffer();
        for (SessionChange.Variable variable : change.variables()) {
            if (variables.contains("*") || variables.contains(variable.name().toLowerCase(Locale.ROOT))) {
                LengthEncoded.writeBytes(left, variable.name().getBytes(StandardCharsets.UTF_8));
                LengthEncoded.writeBytes(left, variable.value().getBytes(StandardCharsets.UTF_8));
            }
        }
        if (left.isReadable()) {
            wanted.add(new SessionChange(SessionChange.SYSTEM_VARIABLES, left.toString(StandardCharsets.ISO_8859_1)));
        }
    }

    private static Set<String> names(String list) {
        return Set.copyOf(List.of(list.toLowerCase(Locale.ROOT).replace(" ", "").split(",")));
    }
}
