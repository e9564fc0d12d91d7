package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.Capabilities;
import dev.tdb.proxy.backend.LinkProfile;
import dev.tdb.proxy.credential.Role;
import java.util.Map;

/**
 * What of a client's login its link's must repeat, because a server goes by it for as long as the connection lasts.
 *
 * @param flags of {@link Capabilities}, those in {@link #CLIENTS}
 * @param collation by which the server chooses the session's character sets
 */
public record LoginProfile(int flags, int collation) {
    /** What is the client's to choose. */
    static final int CLIENTS = Capabilities.FOUND_ROWS
            | Capabilities.NO_SCHEMA
            | Capabilities.ODBC
            | Capabilities.LOCAL_FILES
            | Capabilities.IGNORE_SPACE
            | Capabilities.INTERACTIVE
            | Capabilities.MULTI_STATEMENTS
            | Capabilities.MULTI_RESULTS
            | Capabilities.PS_MULTI_RESULTS;

    private static final String FLAGS = "flags";
    private static final String COLLATION = "collation";

    public LoginProfile {
        flags &= CLIENTS;
    }

    static LoginProfile of(LinkProfile profile) {
        return new LoginProfile(
                Integer.parseInt(profile.parameters().getOrDefault(FLAGS, "0")),
                Integer.parseInt(profile.parameters().getOrDefault(COLLATION, "45")));
    }

    public LinkProfile toLink(Role role) {
        return new LinkProfile(role, Map.of(FLAGS, Integer.toString(flags), COLLATION, Integer.toString(collation)));
    }

    public boolean isMultiStatements() {
        return Capabilities.has(flags, Capabilities.MULTI_STATEMENTS);
    }
}
