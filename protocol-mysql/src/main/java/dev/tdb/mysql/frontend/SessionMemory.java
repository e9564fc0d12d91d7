package dev.tdb.mysql.frontend;

import dev.tdb.mysql.backend.DescribeExchange.Questions;
import dev.tdb.mysql.backend.MySqlLinkFacts;
import dev.tdb.mysql.backend.MySqlLinkFacts.Charsets;
import dev.tdb.mysql.backend.MySqlSessionState;
import dev.tdb.mysql.backend.UnmovableReason;
import dev.tdb.mysql.codec.CommandLedger;
import dev.tdb.mysql.codec.PendingCommand;
import dev.tdb.mysql.codec.PreparedStatement;
import dev.tdb.mysql.codec.SqlScan;
import dev.tdb.mysql.codec.StatementBook;
import dev.tdb.mysql.message.OkPacket;
import dev.tdb.mysql.message.ServerStatus;
import dev.tdb.mysql.message.SessionChange;
import dev.tdb.proxy.frontend.Destination;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.relay.KeptBytes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a session remembers of its talk so far; both directions read and write it. What a server tells by itself is kept as
 * it said it; what it does not tell is guessed from texts, and asked before it is needed. Belongs to one event loop.
 */
final class SessionMemory implements SqlScan.Sink {
    private static final Pattern SETTING = Pattern.compile("[a-z0-9_.]{1,100}");
    private static final Pattern NEXT_TRANSACTION = Pattern.compile("(?i)(SET TRANSACTION [A-Z ]+;? ?)+");
    private static final int NAMES_MAX = 200;
    /** Of all settings together. No session comes near that by what servers have of them. */
    private static final int SETTING_CHARS_MAX = 1 << 20;
    /** What MariaDB tells with every commit: an event, and nothing to set. */
    private static final String LAST_GTID = "last_gtid";

    /** A client that wants to go on elsewhere, and waits for the answer. */
    private record Departure(Place place, int collation, boolean isFresh, int sequence, PendingCommand command) {}

    final CommandLedger ledger = new CommandLedger();
    final StatementBook statements;
    final SqlScan scan = new SqlScan(this);
    final TrackingFilter tracking = new TrackingFilter();

    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Set<String> userVariables = new LinkedHashSet<>();
    private final Set<String> sqlStatements = new LinkedHashSet<>();
    private final List<Integer> owedCloses = new ArrayList<>();
    private int settingChars;
    private @Nullable PreparedStatement preparing;
    private String database = "";
    private Charsets charsets = new Charsets("", "", "");
    private boolean takesAttributes;
    private String schema = "";
    private String characteristics = "";
    private int multiStatements = -1;
    private boolean tablesLocked;
    private boolean tooManyNames;
    private boolean userLock;
    private boolean temporaryTable;
    private boolean handler;
    private boolean roleSet;
    private boolean insertIdSeen;
    private boolean stateUnknown;
    private boolean statusUnknown;
    private boolean trackingOwed;
    private boolean trackingNamed;
    private boolean wasReset;
    private boolean schemaTouched;
    private Place place;
    private int collation;
    private KillRight killRight;
    private @Nullable Departure departure;

    /** @param kept what is kept of all sessions of the event loop */
    SessionMemory(SessionStart start, KeptBytes kept) {
        this.statements = new StatementBook(kept);
        this.place = start.place();
        this.collation = start.collation();
        this.killRight = KillRight.of(place);
    }

    // ---- where it stands

    /** The session is on a link. */
    void linked(MySqlLinkFacts facts) {
        database = facts.database();
        charsets = facts.charsets();
        takesAttributes = facts.takesAttributes();
        owedCloses.clear();
    }

    /** Whether the server takes query attributes, as it then does with every text. */
    boolean takesAttributes() {
        return takesAttributes;
    }

    /** The physical database; empty before the first link. */
    String database() {
        return database;
    }

    Place place() {
        return place;
    }

    /** That of the last login on this connection. */
    int collation() {
        return collation;
    }

    /** Whether another login would lead where the session is, so that a reset comes to the same. */
    boolean isAt(SessionStart other) {
        return place.equals(other.place()) && collationOf(other) == collation && !leavesTraces();
    }

    /** A login at a server has one byte for it. */
    private int collationOf(SessionStart start) {
        boolean said = start.collation() > 0 && start.collation() <= 0xff;
        return said ? start.collation() : collation;
    }

    /** What the login at the server came to. */
    Charsets charsets() {
        return charsets;
    }

    KillRight killRight() {
        return killRight;
    }

    /** Whether no reset makes the link as it was: a database that was chosen once is not unchosen. */
    boolean leavesTraces() {
        return schemaTouched && !place.isChosen();
    }

    /** Nothing is outstanding, no transaction is open, nothing is in the middle of something. */
    boolean isAtRest() {
        return (ledger.isEmpty() || destination().isPresent()) && !isUnitOpen();
    }

    /** Whether what the client sends next certainly belongs to the unit that is under way. */
    boolean belongsToPresentUnit() {
        return ledger.isEmpty() && isUnitOpen();
    }

    /** Whether a transaction, or what is like one, is open as far as servers have told. */
    boolean isUnitOpen() {
        return ledger.isInTransaction() || tablesLocked || statements.isAnyOpen() || ledger.isFileOpen();
    }

    // ---- another database

    /** The client waits for the answer to {@code command}: whether it is there. */
    void departs(Place next, PendingCommand command) {
        departure = new Departure(next, collation, false, 1, command);
        ledger.sent(command);
    }

    /** The same, as somebody who has just logged in. */
    void departsAfresh(SessionStart next, PendingCommand command) {
        departure = new Departure(next.place(), collationOf(next), true, next.sequence(), command);
        ledger.sent(command);
    }

    /** The id of the packet that a departing client is answered in. */
    int departureSequence() {
        return departure == null ? 1 : departure.sequence;
    }

    boolean isDeparting() {
        return departure != null;
    }

    /** Where it is to go on, once all is answered that came before. */
    Optional<Destination> destination() {
        return departure != null && departure.command.equals(ledger.oldest())
                ? Optional.of(new Destination(departure.place.credential(), departure.place.route(), departure.isFresh))
                : Optional.empty();
    }

    /** What was under way goes on, and cannot go along: the client stays. @return whether it wanted to leave, and may not */
    boolean mustStay() {
        if (destination().isPresent() && isUnitOpen()) {
            departure = null;
            return true;
        }
        return false;
    }

    /** It is there. What was prepared was for the tables of the other database. @return whether it begins anew there */
    boolean departed() {
        if (departure == null) {
            throw new IllegalStateException("nobody wanted to leave");
        }
        Departure to = departure;
        stayed();
        place = to.place;
        collation = to.collation;
        killRight = KillRight.of(place);
        statements.allGone();
        schema = "";
        schemaTouched = false;
        if (to.isFresh) {
            reset(false);
            ledger.status(ServerStatus.AUTOCOMMIT);
        }
        return to.isFresh;
    }

    void stayed() {
        departure = null;
        ledger.answered();
    }

    // ---- what servers tell

    /** A statement failed, and no status came with that: a procedure may have left a transaction open. */
    void failed() {
        statusUnknown = !ledger.isInTransaction();
    }

    void apply(OkPacket ok, PendingCommand command) {
        ledger.status(ok.status());
        statusUnknown = false;
        insertIdSeen |= ok.lastInsertId() != 0;
        boolean named = false;
        boolean changed = false;
        for (SessionChange change : ok.changes()) {
            switch (change.type()) {
                case SessionChange.SYSTEM_VARIABLES -> {
                    for (SessionChange.Variable variable : change.variables()) {
                        named |= variable(variable, command);
                    }
                }
                case SessionChange.SCHEMA -> {
                    named = true;
                    String now = change.text().orElse("");
                    schema = place.isChosen() && now.equals(database) ? "" : now;
                    schemaTouched = true;
                }
                case SessionChange.STATE_CHANGE -> changed = change.isStateChanged();
                case SessionChange.TRANSACTION_CHARACTERISTICS -> {
                    named = true;
                    characteristics = change.text().orElse("");
                    stateUnknown |= !nextTransaction().isEmpty()
                            && !NEXT_TRANSACTION.matcher(characteristics).matches();
                }
                case SessionChange.TRANSACTION_STATE -> {
                    named = true;
                    String state = change.text().orElse("");
                    tablesLocked = state.length() > 7 && state.charAt(7) == 'L';
                }
                default -> {
                    // GTIDs, and what later servers may tell.
                }
            }
        }
        stateUnknown |= changed && !named && !command.explainsState();
    }

    /** @return whether it is a setting, and says what changed in the session */
    private boolean variable(SessionChange.Variable variable, PendingCommand command) {
        String name = variable.name().toLowerCase(Locale.ROOT);
        if (!SETTING.matcher(name).matches()) {
            throw new ProtocolViolation("a setting of an impossible name");
        }
        if (name.equals(LAST_GTID)) {
            return false;
        }
        if (command.kind() == PendingCommand.Kind.OURS) {
            return true; // as a login has it
        }
        if (TrackingFilter.isAbout(name)) {
            tracking.wish(name, variable.value());
            trackingOwed = true;
            return true;
        }
        setting(name, variable.value());
        if (name.equals("sql_mode")) {
            scan.backslashesEscape(!variable.value().contains("NO_BACKSLASH_ESCAPES"));
        }
        return true;
    }

    private void setting(String name, String value) {
        String before = variables.put(name, value);
        settingChars += value.length() + (before == null ? name.length() : -before.length());
    }

    /** Whether the client changed what is tracked, so that we have to set it again. */
    boolean takeTrackingOwed() {
        boolean owed = trackingOwed;
        trackingOwed = false;
        return owed;
    }

    /** The server does not track the session any more: nothing is known of it. */
    void trackingLost() {
        stateUnknown = true;
    }

    /**
     * COM_RESET_CONNECTION was done.
     *
     * @param isWhole whether what it takes away of the login stays away
     */
    void reset(boolean isWhole) {
        wasReset = isWhole;
        statements.allGone();
        variables.clear();
        settingChars = 0;
        userVariables.clear();
        sqlStatements.clear();
        owedCloses.clear();
        characteristics = "";
        multiStatements = -1;
        tablesLocked = false;
        tooManyNames = false;
        userLock = false;
        temporaryTable = false;
        handler = false;
        roleSet = false;
        insertIdSeen = false;
        stateUnknown = false;
        statusUnknown = false;
        tracking.reset();
        scan.backslashesEscape(true);
    }

    void multiStatements(boolean on) {
        multiStatements = on ? 1 : 0;
    }

    /** The statement that was sent last to be prepared, until the server says its id; null when none is on its way. */
    @Nullable
    PreparedStatement preparing() {
        return preparing;
    }

    void preparing(@Nullable PreparedStatement statement) {
        if (statement != null) {
            preparing = statement;
        }
    }

    /** The server prepared it, or did not. */
    void preparedOrNot(@Nullable PreparedStatement statement) {
        if (statement != null && statement.equals(preparing)) {
            preparing = null;
        }
    }

    // ---- statements that were closed while the server could not be told

    void oweClose(PreparedStatement statement) {
        owedCloses.add(statement.serverId());
    }

    List<Integer> takeOwedCloses() {
        if (owedCloses.isEmpty()) {
            return List.of();
        }
        List<Integer> owed = List.copyOf(owedCloses);
        owedCloses.clear();
        return owed;
    }

    // ---- what texts tell

    @Override
    public void userVariable(String name) {
        add(userVariables, name);
    }

    @Override
    public void userLock() {
        userLock = true;
    }

    @Override
    public void userLocksReleased() {
        userLock = false;
    }

    @Override
    public void temporaryTable() {
        temporaryTable = true;
    }

    @Override
    public void handler() {
        handler = true;
    }

    @Override
    public void prepared(String name) {
        add(sqlStatements, name);
    }

    @Override
    public void deallocated(String name) {
        sqlStatements.remove(name);
    }

    @Override
    public void role() {
        roleSet = true;
    }

    @Override
    public void lastInsertId() {
        insertIdSeen = true;
    }

    @Override
    public void trackedVariables() {
        trackingNamed = true;
    }

    /** The command whose text was read last is on its way: what it may have changed is set again behind it. */
    void commandSent() {
        trackingOwed |= trackingNamed;
        trackingNamed = false;
    }

    private void add(Set<String> names, String name) {
        if (names.size() < NAMES_MAX) {
            names.add(name);
        } else {
            tooManyNames |= !names.contains(name);
        }
    }

    // ---- moving

    /** What needs no question. */
    MySqlSessionState known() {
        return new MySqlSessionState(
                wasReset,
                isDeparting() ? "" : schema,
                variables,
                List.of(),
                "",
                0,
                nextTransaction(),
                multiStatements,
                isDeparting() ? List.of() : List.copyOf(statements.all()));
    }

    /** What SET TRANSACTION said of the next one; how a transaction began that is over is of no interest. */
    private String nextTransaction() {
        return characteristics.regionMatches(true, 0, "SET TRANSACTION", 0, 15) ? characteristics : "";
    }

    Questions questions() {
        return new Questions(List.copyOf(userVariables), roleSet, insertIdSeen, statusUnknown);
    }

    /** Why the session cannot go to another server, as far as it is known without asking. */
    Optional<UnmovableReason> unmovable() {
        if (temporaryTable) {
            return Optional.of(UnmovableReason.TEMPORARY_TABLE);
        }
        if (userLock) {
            return Optional.of(UnmovableReason.USER_LOCK);
        }
        if (handler) {
            return Optional.of(UnmovableReason.HANDLER);
        }
        if (!sqlStatements.isEmpty()) {
            return Optional.of(UnmovableReason.SQL_PREPARED_STATEMENT);
        }
        if (stateUnknown) {
            return Optional.of(UnmovableReason.UNKNOWN_STATE);
        }
        if (settingChars > SETTING_CHARS_MAX) {
            return Optional.of(UnmovableReason.TOO_MANY_SETTINGS);
        }
        if (tooManyNames) {
            return Optional.of(UnmovableReason.TOO_MANY_USER_VARIABLES);
        }
        if (isDeparting()) {
            return Optional.empty(); // statements stay behind in any case
        }
        if (statements.isOverLimit()) {
            return Optional.of(UnmovableReason.TOO_MANY_PREPARED_STATEMENTS);
        }
        return statements.all().stream().anyMatch(statement -> statement.text() == null)
                ? Optional.of(UnmovableReason.LARGE_STATEMENT)
                : Optional.empty();
    }

    void clear() {
        departure = null;
        ledger.clear();
        reset(false);
    }
}
