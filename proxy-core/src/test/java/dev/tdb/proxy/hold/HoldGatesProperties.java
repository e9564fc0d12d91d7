package dev.tdb.proxy.hold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.hold.ModelSession.Doing;
import dev.tdb.proxy.hold.ModelSession.Ending;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sessions that come, work, wait and leave on three loops, while holds are taken, drained, switched under, killed for and
 * given back, every task in any order that loops may run them in. The laws:
 *
 * <ul>
 *   <li>a drain is over exactly when nothing is unsettled and every subscriber was asked since something was told last;
 *   <li>nobody is told of a hold's end before its beginning, or killed who keeps nobody waiting;
 *   <li>a hold's account says of each session that was there what became of it, once;
 *   <li>a hold is given back once, however often that is asked;
 *   <li>nobody waits for ever: lanes that are forgotten owe nothing.
 * </ul>
 */
class HoldGatesProperties {
    private static final int SEEDS = Integer.getInteger("hold.seeds", 1_000);

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void gatesKeepTheirLaws(long seed) {
        new Run(seed).play();
    }

    private static final class Run {
        private static final int LOOPS = 3;
        private static final int ACTIONS = 400;
        private static final int SESSIONS_MAX = 8;
        private static final int HOLDS_MAX = 3;
        private static final HoldTerms TERMS = new HoldTerms(HoldTerms.Cause.CUTOVER, Duration.ofSeconds(1));
        private static final RouteKey KEY =
                new RouteKey(Engine.REDIS, new ProjectId("tdb_model"), new DatabaseName("shop", "acme"));

        /** A hold of the model. */
        private final class Standing {
            final Hold hold = gates.hold(KEY, shared.epoch, TERMS);
            boolean drained;
        }

        /** What was asked and is not answered. */
        private record Question(String what, Standing standing, CompletableFuture<?> answer) {}

        /** The last hold of several was given back, and what that should have said. */
        private static final class Account {
            final CompletableFuture<Released> released;
            final List<Ending> endings = new ArrayList<>();
            int closedOnHold;

            Account(CompletableFuture<Released> released) {
                this.released = released;
            }
        }

        private final long seed;
        private final Random random;
        private final ModelSession.Shared shared = new ModelSession.Shared();
        private final List<ManualLoop> loops =
                Stream.generate(ManualLoop::new).limit(LOOPS).toList();
        private final HoldGates gates = new HoldGates(List.copyOf(loops));
        private final List<ModelSession> sessions = new ArrayList<>();
        private final List<Standing> holds = new ArrayList<>();
        private final List<Question> questions = new ArrayList<>();
        private final List<Account> accounts = new ArrayList<>();
        private boolean switched;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void play() {
            try {
                for (int i = 0; i < ACTIONS; i++) {
                    act();
                }
                end();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage() + "; sessions " + sessions, e);
            }
        }

        private void act() {
            switch (random.nextInt(60)) {
                case 0 -> any(holds, this::kill);
                case 1 -> any(sessions, this::leave);
                case 2, 3 -> settleAll();
                case 4, 5 -> join();
                case 6, 7 -> take();
                case 8, 9 -> giveBack();
                case 10, 11 -> any(holds, this::drain);
                case 12, 13 -> any(holds, this::switchRoute);
                default -> {
                    if (random.nextBoolean()) {
                        any(sessions, ModelSession::step);
                    } else {
                        any(loops, Run::runOne);
                    }
                }
            }
        }

        private <T> void any(List<T> some, java.util.function.Consumer<T> act) {
            if (!some.isEmpty()) {
                act.accept(some.get(random.nextInt(some.size())));
            }
        }

        private static void runOne(ManualLoop loop) {
            if (!loop.isIdle()) {
                loop.runOne();
            }
        }

        private void join() {
            if (sessions.size() - gone() < SESSIONS_MAX) {
                ManualLoop loop = loops.get(random.nextInt(LOOPS));
                sessions.add(ModelSession.join(shared, gates, loop, KEY, random.nextBoolean()));
            }
        }

        private void leave(ModelSession session) {
            session.leave(random.nextBoolean() ? "" : "some reason");
        }

        private void take() {
            if (holds.size() < HOLDS_MAX) {
                Standing standing = new Standing();
                holds.add(standing);
                questions.add(new Question("acknowledged", standing, standing.hold.acknowledged()));
            }
        }

        private void drain(Standing standing) {
            CompletableFuture<Void> lawful = standing.hold.drained().thenRun(() -> {
                standing.drained = true;
                // Who is moved by a switch is on its way again, and was asked before.
                if (holds.contains(standing) && !switched) {
                    assertThat(sessions).as("settled").allMatch(ModelSession::isSettled);
                    assertThat(sessions).as("asked").noneMatch(ModelSession::missesSomething);
                }
            });
            questions.add(new Question("drained", standing, lawful));
        }

        /** As the control plane does: of what is drained. */
        private void switchRoute(Standing standing) {
            if (standing.drained) {
                shared.epoch++;
                switched = true;
                questions.add(new Question("switched", standing, standing.hold.switched()));
            }
        }

        private void kill(Standing standing) {
            long gone = gone();
            CompletableFuture<Integer> killed = standing.hold.kill(new Refusal.Terminated("the model"));
            questions.add(new Question("killed", standing, killed));
            loops.forEach(Run::runAll);
            assertThat(killed).isCompletedWithValue((int) (gone() - gone));
        }

        private long gone() {
            return sessions.stream()
                    .filter(session -> session.doing() == Doing.GONE)
                    .count();
        }

        private void giveBack() {
            if (holds.isEmpty()) {
                return;
            }
            Standing standing = holds.remove(random.nextInt(holds.size()));
            CompletableFuture<Released> released = standing.hold.release();
            questions.add(new Question("released", standing, released));
            if (holds.isEmpty()) {
                Account account = new Account(released);
                accounts.add(account);
                loops.forEach(loop -> loop.executeWithLast(() -> open(account, loop)));
                switched = false;
            }
            assertThat(standing.hold.release()).isSameAs(released);
        }

        /** With the release on a loop: whom it told of the end. */
        private void open(Account account, ManualLoop loop) {
            Integer closed = shared.closedOnHold.remove(loop);
            account.closedOnHold += closed == null ? 0 : closed;
            List<Ending> told =
                    accounts.stream().flatMap(each -> each.endings.stream()).toList();
            sessions.stream()
                    .filter(session -> session.loop() == loop)
                    .flatMap(session -> session.endings().stream())
                    .filter(ending -> !told.contains(ending))
                    .forEach(account.endings::add);
        }

        private static void runAll(ManualLoop loop) {
            while (!loop.isIdle()) {
                loop.runOne();
            }
        }

        /** When the loops have done all there is to do: who has no answer waits for somebody. */
        private void settleAll() {
            while (loops.stream().anyMatch(loop -> !loop.isIdle())) {
                loops.forEach(Run::runAll);
            }
            questions.forEach(question ->
                    assertThat(question.answer()).as(question.what()).isNotCompletedExceptionally());
            questions.removeIf(question -> question.answer().isDone());
            for (Question question : questions) {
                switch (question.what()) {
                    case "drained", "switched" ->
                        assertThat(sessions).as(question.what()).anyMatch(session -> !session.isSettled());
                    case "released" ->
                        assertThat(sessions)
                                .as(question.what())
                                .flatExtracting(ModelSession::endings)
                                .anyMatch(ending -> !ending.over);
                    default -> throw new AssertionError(question.what() + " is not answered");
                }
            }
        }

        /** All holds are given back, and everybody comes to a rest. */
        private void end() {
            while (!holds.isEmpty()) {
                giveBack();
            }
            for (int i = 0; i < 3; i++) {
                settleAll();
                sessions.stream()
                        .filter(session -> session.doing() != Doing.IDLE)
                        .toList()
                        .forEach(ModelSession::step);
            }
            settleAll();
            assertThat(questions).isEmpty();
            assertThat(sessions).allMatch(session -> session.doing() == Doing.IDLE || session.doing() == Doing.GONE);
            accounts.forEach(Run::check);
        }

        private static void check(Account account) {
            List<Ending> endings = account.endings;
            Released released = account.released.join();
            long wentOn = endings.stream().filter(ending -> ending.wentOn).count();
            long moved = endings.stream()
                    .filter(ending -> ending.moved && !ending.moveIsDoubtful)
                    .count();
            long doubtful =
                    endings.stream().filter(ending -> ending.moveIsDoubtful).count();
            long closed =
                    endings.stream().filter(ending -> !ending.reason.isEmpty()).count() + account.closedOnHold;
            assertThat(released.held()).as("held").isEqualTo((int)
                    endings.stream().filter(ending -> ending.parked).count());
            assertThat((long) released.moved() + released.stayed())
                    .as("went on")
                    .isEqualTo(wentOn);
            assertThat((long) released.moved()).as("moved").isBetween(moved, moved + doubtful);
            assertThat(released.closedByReason().values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .as("closed")
                    .isEqualTo((int) closed);
        }
    }
}
