package dev.tdb.mysql.backend;

import dev.tdb.mysql.backend.MySqlLinkFacts.Charsets;

/** The statements by which every link's session comes to be as we need it. */
public final class SessionSettings {
    /** Has the server say with each reply what changed in the session. */
    public static final String TRACK = "SET session_track_system_variables='*', session_track_schema=ON,"
            + " session_track_state_change=ON, session_track_transaction_info='CHARACTERISTICS'";

    static final String ASK_CHARSETS = "SELECT @@character_set_client, @@collation_connection, @@character_set_results";

    private SessionSettings() {}

    /** {@link #TRACK} and the character sets of the login, which a reset takes away. */
    public static String afterReset(Charsets charsets) {
        if (charsets.client().equals(charsets.results())) {
            // As a login has it: results are then of this collation, too, and not of the character set's usual one.
            return TRACK + ", NAMES " + charsets.client() + " COLLATE " + charsets.connectionCollation();
        }
        return TRACK + ", character_set_client=" + charsets.client()
                + ", collation_connection=" + charsets.connectionCollation()
                + ", character_set_results=" + (charsets.results().isEmpty() ? "NULL" : charsets.results());
    }
}
