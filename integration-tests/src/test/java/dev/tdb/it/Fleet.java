package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.testkit.history.History;
import dev.tdb.testkit.history.HistoryRecorder;
import dev.tdb.testkit.history.SessionLog;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Sessions that do their jobs, each on a thread of its own, until they are told to stop. */
final class Fleet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Between two turns of a session: a flip shall meet sessions at every point, and the machine has two cores. */
    private static final Duration BREATH = Duration.ofMillis(3);

    private final Endpoint endpoint;
    private final HistoryRecorder recorder = new HistoryRecorder();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Thread> listeners = new ArrayList<>();
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<Integer, String> losses = new ConcurrentHashMap<>();
    private final AtomicLong turns = new AtomicLong();
    private volatile boolean lossExpected;
    private volatile boolean stopping;
    private volatile boolean silent;

    Fleet(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    HistoryRecorder recorder() {
        return recorder;
    }

    /** A new session for {@code job}; returns when it is connected and ready. */
    SessionLog start(Job job) throws SQLException {
        SessionLog log = recorder.session();
        Connection connection = endpoint.connectPatiently();
        job.begin(connection);
        List<Thread> kind = job.isListening() ? listeners : threads;
        kind.add(Thread.ofVirtual().name("session " + log.session()).start(() -> run(job, connection, log)));
        return log;
    }

    private void run(Job job, Connection connection, SessionLog log) {
        String who = "session " + log.session() + ", " + job.getClass().getSimpleName() + ": ";
        try (connection) {
            while (job.isListening() ? !silent : !stopping) {
                job.turn(connection, log);
                turns.incrementAndGet();
                Thread.sleep(BREATH);
            }
            job.end(connection);
        } catch (SQLException e) {
            if (lossExpected) {
                losses.put(log.session(), String.valueOf(e.getSQLState()));
            } else {
                faults.add(who + e.getSQLState() + " " + e.getMessage());
            }
        } catch (InterruptedException | AssertionError | RuntimeException e) {
            faults.add(who + e);
        }
    }

    /** From now on an error of the database is no fault: it ends its session. */
    void expectLoss() {
        lossExpected = true;
    }

    /**
     * Until every session has ended, each by an error; after that errors are faults again.
     *
     * @return the codes, by session
     */
    Map<Integer, String> awaitLoss() throws InterruptedException {
        awaitEnds(threads);
        awaitEnds(listeners);
        Map<Integer, String> told = Map.copyOf(losses);
        assertThat(told).as("sessions that were told of the loss").hasSize(threads.size() + listeners.size());
        threads.clear();
        listeners.clear();
        losses.clear();
        lossExpected = false;
        return told;
    }

    private void awaitEnds(List<Thread> some) throws InterruptedException {
        for (Thread thread : some) {
            assertThat(thread.join(PATIENCE)).as(thread.getName() + " ends").isTrue();
        }
        assertThat(faults).as("errors of sessions").isEmpty();
    }

    /** Until the sessions have taken {@code count} more turns together. */
    void awaitTurns(int count) throws InterruptedException {
        long goal = turns.get() + count;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (turns.get() < goal) {
            assertThat(faults).as("errors of sessions").isEmpty();
            assertThat(System.nanoTime() - deadline)
                    .as("the sessions go on; turns so far: " + turns)
                    .isNegative();
            Thread.sleep(Duration.ofMillis(2));
        }
    }

    /** Lets every session end its turn and go; those that listen to others last. */
    History stop() throws InterruptedException {
        stopping = true;
        awaitEnds(threads);
        silent = true;
        awaitEnds(listeners);
        return recorder.history();
    }

    @Override
    public void close() {
        stopping = true;
        silent = true;
    }
}
