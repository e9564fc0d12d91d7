package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.Capabilities;
import dev.tdb.proxy.backend.LinkProfile;
import dev.tdb.proxy.credential.Role;
import java.util.HashMap;
import java.util.Map;

/**
 * What of a client's login its link's must repeat, because a server goes by it for as long as the connection lasts.
 *
 * @param flags of {@link Capabilities}, those in {@link #CLIENTS}
 * @param collation by which the server chooses the session's character sets
 * @param hasDatabase whether the session begins in the route's database; in none otherwise
 */
public record LoginProfile(int flags, int collation, boolean hasDatabase) {
    /** What is the client's to choose. */
    static final int CLIENTS = Capabilities.FOUND_ROWS
            | Capabilities.NO_SCHEMA
            | Capabilities.ODBC
            | Capabilities.LOCAL_FILES
            | Capabilities.IGNORE_SPACE
            | Capabilities.INTERACTIVE
            | Capabilities.MULTI_STATEMENTS
            | Capabilities.MULTI_RESULTS
            | Capabilities.PS_MULTI_RESULTS
            | Capabilities.QUERY_ATTRIBUTES;

    private static final String FLAGS = "flags";
    private static final String COLLATION = "collation";
    private static final String DATABASE = "database";
    private static final String NONE = "none";

    public LoginProfile {
        flags &= CLIENTS;
    }

    static LoginProfile of(LinkProfile profile) {
        return new LoginProfile(
                Integer.parseInt(profile.parameters().getOrDefault(FLAGS, "0")),
                Integer.parseInt(profile.parameters().getOrDefault(COLLATION, "45")),
                !NONE.equals(profile.parameters().get(DATABASE)));
    }

    public LinkProfile toLink(Role role) {
        Map<String, String> parameters = new HashMap<>();
        parameters.put(FLAGS, Integer.toString(flags));
        parameters.put(COLLATION, Integer.toString(collation));
        if (!hasDatabase) {
            parameters.put(DATABASE, NONE);
        }
        return new LinkProfile(role, Map.copyOf(parameters));
    }

    public boolean isMultiStatements() {
        return Capabilities.has(flags, Capabilities.MULTI_STATEMENTS);
    }
}
