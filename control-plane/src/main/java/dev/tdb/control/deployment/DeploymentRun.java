package dev.tdb.control.deployment;

import dev.tdb.control.ControlException;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.store.DeploymentRows;
import dev.tdb.control.store.StateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One deployment from its beginning, or from where a restart found it, to its end. */
final class DeploymentRun implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(DeploymentRun.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);
    private static final int PROGRESS_DONE = 100;

    private final StateStore store;
    private final Journal journal;
    private final TenantDeploy tenants;
    private final int parallelism;
    private final InstantSource clock;
    private final String id;

    DeploymentRun(
            StateStore store, Journal journal, TenantDeploy tenants, int parallelism, InstantSource clock, String id) {
        this.store = store;
        this.journal = journal;
        this.tenants = tenants;
        this.parallelism = parallelism;
        this.clock = clock;
        this.id = id;
    }

    @Override
    public void run() {
        try {
            while (!tenants.stopping() && !ended()) {
                Thread.sleep(AFTER_FAILURE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // The process stops; the next start takes it up.
        }
    }

    /** @return whether there is nothing more to do now */
    private boolean ended() throws InterruptedException {
        try {
            Optional<DeploymentRows.Row> deployment =
                    store.read(tables -> tables.deployments().find(id));
            if (deployment.isPresent()) { // or it went with its project
                serveAll(deployment.get());
                if (!tenants.stopping()) {
                    finish();
                }
            }
            return true;
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("deployment", id)
                    .setCause(e)
                    .log("a deployment stands still, it is gone on with soon");
            return false;
        }
    }

    private void serveAll(DeploymentRows.Row deployment) throws InterruptedException {
        List<DeploymentRows.Result> open =
                store.read(tables -> tables.deployments().open(id));
        Queue<DeploymentRows.Result> waiting = new ConcurrentLinkedQueue<>(open);
        AtomicInteger ended = new AtomicInteger(deployment.counts().ended());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> workers = IntStream.range(0, Math.min(parallelism, open.size()))
                    .<Future<?>>mapToObj(_ -> threads.submit(() -> {
                        serve(deployment, waiting, ended);
                        return waiting;
                    }))
                    .toList();
            try {
                for (Future<?> worker : workers) {
                    join(worker);
                }
            } catch (InterruptedException e) {
                threads.shutdownNow();
                throw e;
            }
        }
    }

    private void serve(DeploymentRows.Row deployment, Queue<DeploymentRows.Result> waiting, AtomicInteger ended)
            throws InterruptedException {
        for (DeploymentRows.Result next = waiting.poll(); next != null; next = waiting.poll()) {
            tenants.serve(deployment, next);
            tellProgress(deployment, ended.incrementAndGet());
        }
    }

    /** Written when it is another whole number: of many tenants, not for each. */
    private void tellProgress(DeploymentRows.Row deployment, int ended) {
        int total = deployment.counts().total();
        int progress = PROGRESS_DONE * ended / total;
        if (progress > PROGRESS_DONE * (ended - 1) / total && progress < PROGRESS_DONE) {
            store.write(tables -> {
                tables.operations().progress(deployment.operationId(), progress);
                return id;
            });
        }
    }

    private static void join(Future<?> worker) throws InterruptedException {
        try {
            worker.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ControlException refusal -> throw refusal;
                case Error error -> throw error;
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw new IllegalStateException("a worker failed", e);
            }
        }
    }

    private void finish() {
        store.read(tables -> tables.deployments().find(id)).ifPresent(row -> {
            DeploymentRows.Counts counts = row.counts();
            Ending ending = Ending.of(row);
            journal.finish(
                    row.operationId(),
                    new Journal.Subject(Deployments.TYPE, row.project(), "", row.blueprint()),
                    ending.operation(),
                    ending.error(),
                    tables -> tables.deployments().finish(id, ending.state().word(), clock.millis()));
            log.atInfo()
                    .addKeyValue("deployment", id)
                    .addKeyValue("completed", counts.completed())
                    .addKeyValue("failed", counts.failed())
                    .addKeyValue("cancelled", counts.cancelled())
                    .log("deployment ended");
        });
    }

    /** How a deployment ended, as itself and as an operation. */
    private record Ending(Deployment.Status state, OperationState operation, String error) {
        static Ending of(DeploymentRows.Row row) {
            DeploymentRows.Counts counts = row.counts();
            if (counts.cancelled() > 0) {
                return new Ending(
                        Deployment.Status.CANCELLED,
                        OperationState.CANCELLED,
                        counts.cancelled() + " of " + counts.total() + " tenants had not had their turn");
            }
            if (counts.failed() > 0) {
                return new Ending(
                        Deployment.Status.FAILED,
                        OperationState.FAILED,
                        counts.failed() + " of " + counts.total() + " tenants do not have version " + row.version()
                                + ": see GET /deployments/" + row.id());
            }
            return new Ending(Deployment.Status.COMPLETED, OperationState.SUCCEEDED, "");
        }
    }
}
