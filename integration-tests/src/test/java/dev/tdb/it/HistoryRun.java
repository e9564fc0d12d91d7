package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.control.cutover.FlipResult;
import dev.tdb.local.PostgresServer;
import dev.tdb.testkit.history.AppendChecker;
import dev.tdb.testkit.history.BankChecker;
import dev.tdb.testkit.history.History;
import dev.tdb.testkit.history.Op;
import dev.tdb.testkit.history.Operation;
import dev.tdb.testkit.history.Outcome;
import dev.tdb.testkit.history.PauseStatistics;
import dev.tdb.testkit.history.SessionOrderChecker;
import dev.tdb.testkit.history.StragglerChecker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One history: the usual sessions at work on a tenant while its route is moved, and the judgement in the end. */
final class HistoryRun implements AutoCloseable {
    private History finished = History.of(java.util.List.of());
    private final Fleet fleet;
    private final Jobs.Auditing auditing = new Jobs.Auditing();
    private final List<StateJobs.Listening> listening = new ArrayList<>();
    private final Set<Integer> stragglers = new HashSet<>();
    private final Set<Integer> lost = new HashSet<>();
    private final List<Duration> holds = new ArrayList<>();

    private HistoryRun(Fleet fleet) {
        this.fleet = fleet;
    }

    /** @param more inserting sessions beyond the usual twenty-two */
    static HistoryRun start(Endpoint endpoint, int more) throws SQLException {
        HistoryRun run = new HistoryRun(new Fleet(endpoint));
        run.join(more);
        return run;
    }

    /** The sessions that do what every SQL has, on a tenant of MySQL or MariaDB. */
    static HistoryRun startMySql(Endpoint endpoint) throws SQLException {
        HistoryRun run = new HistoryRun(new Fleet(endpoint));
        run.joinPlain();
        for (int i = 0; i < 2; i++) {
            run.fleet.start(new MySqlStateJob("tenant-" + i));
        }
        return run;
    }

    private void join(int more) throws SQLException {
        for (int i = 0; i < 2; i++) {
            StateJobs.Listening listener = new StateJobs.Listening();
            listening.add(listener);
            fleet.start(listener);
        }
        fleet.start(new StateJobs.Notifying());
        joinPlain();
        for (int i = 0; i < 2; i++) {
            fleet.start(new StateJobs.Settings("tenant-" + i));
        }
        fleet.start(new Jobs.Copying());
        fleet.start(new StateJobs.Paging());
        for (int i = 0; i < more; i++) {
            fleet.start(new Jobs.Inserting());
        }
    }

    private void joinPlain() throws SQLException {
        fleet.start(auditing);
        for (int i = 0; i < 3; i++) {
            fleet.start(new Jobs.Transferring(i));
        }
        for (int i = 0; i < 2; i++) {
            fleet.start(new Jobs.Inserting());
            fleet.start(new Jobs.Batching());
            fleet.start(new Jobs.Counting("counter-" + i % Ledger.COUNTERS));
            fleet.start(new Jobs.Appending("list-" + i % Ledger.LISTS));
            fleet.start(new Jobs.Diary());
        }
        fleet.start(new Jobs.Counting("counter-0"));
    }

    /**
     * {@code loss} takes the server away from under the sessions, and each is told so once; then there is nobody.
     *
     * @return the codes they were told, by session
     */
    Map<Integer, String> lose(Runnable loss) throws InterruptedException {
        fleet.expectLoss();
        loss.run();
        Map<Integer, String> told = fleet.awaitLoss();
        lost.addAll(told.keySet());
        return told;
    }

    /** The usual sessions once more, as new ones. */
    void rejoin() throws SQLException {
        join(0);
    }

    Fleet fleet() {
        return fleet;
    }

    /** A session that the next flip may end, with one error. */
    Straggler straggler(Straggler one) {
        stragglers.add(one.session());
        return one;
    }

    /** Lets the sessions do some work between two moves. */
    void work(int turns) throws InterruptedException {
        fleet.awaitTurns(turns);
    }

    void noted(FlipResult result) {
        holds.add(result.holdTime());
    }

    /** Stops all sessions and compares what they were told with what is on {@code server}; see for listeners below. */
    void judge(String name, PostgresServer server, String database) throws Exception {
        judge(name, server.connect(database));
    }

    /** As above; closes the connection to the database. */
    void judge(String name, Connection database) throws Exception {
        History history = fleet.stop();

        System.out.println(name + ": " + history.operations().size() + " operations of "
                + history.bySession().size() + " sessions, " + history.count(Outcome.OK) + " acknowledged, "
                + holds.size() + " flips; held " + percentiles(holds) + "; longest pause of a session "
                + PauseStatistics.of(history));
        Ledger.check(changes(history), database);
        assertThat(StragglerChecker.check(withoutLost(history), stragglers)).isEmpty();
        assertThat(BankChecker.check(Ledger.ACCOUNTS * Ledger.BALANCE, auditing.snapshots()))
                .isEmpty();
        assertThat(SessionOrderChecker.checkReplies(history)).isEmpty();
        finished = history;
    }

    /** Compares what listeners heard with what was told, after {@link #judge}. */
    void judgeNotifications() {
        History history = finished;
        History news = History.of(
                history.operations().stream().filter(HistoryRun::isNews).toList());
        for (StateJobs.Listening listener : listening) {
            assertThat(AppendChecker.check(news, Map.of(StateJobs.CHANNEL, listener.heard())))
                    .as("notifications")
                    .isEmpty();
        }
    }

    /** A session that was lost was told so by one error, which may answer many operations, or none. */
    private History withoutLost(History history) {
        return History.of(history.operations().stream()
                .filter(operation -> !lost.contains(operation.tag().session()))
                .toList());
    }

    private static History changes(History history) {
        return History.of(history.operations().stream()
                .filter(operation -> !isNews(operation))
                .toList());
    }

    private static boolean isNews(Operation operation) {
        return operation.op() instanceof Op.Append append && append.list().equals(StateJobs.CHANNEL);
    }

    private static String percentiles(List<Duration> durations) {
        List<Duration> ascending = durations.stream().sorted().toList();
        int size = ascending.size();
        return size == 0
                ? "never"
                : "p50 " + ascending.get(size / 2).toMillis() + " ms, p99 "
                        + ascending.get(Math.min(size - 1, size * 99 / 100)).toMillis() + " ms, max "
                        + ascending.getLast().toMillis() + " ms";
    }

    @Override
    public void close() {
        fleet.close();
    }
}
