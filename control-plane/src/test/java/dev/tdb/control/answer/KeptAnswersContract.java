package dev.tdb.control.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.control.plane.SecretRotation;
import dev.tdb.control.secret.EncryptionKeys;
import dev.tdb.control.secret.SecretCipher;
import dev.tdb.control.store.AnswerRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.proxy.credential.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of requests that may come again, whatever database it is kept in. */
abstract class KeptAnswersContract {
    private static final Secret BODY = Secret.of("body");
    private static final Secret OTHER_BODY = Secret.of("other body");
    private static final Secret ANSWER = Secret.of("{\"password\":\"tdb_once\"}");

    private static final AnswerBounds BOUNDS = new AnswerBounds(1000, 4, 4500, 8, 100_000);

    @TempDir
    Path directory;

    private Duration later = Duration.ZERO;
    private StateStore store;
    private KeptAnswers answers;

    /** An empty database, the same one during a test. */
    abstract StoreSettings settings();

    @BeforeEach
    void open() {
        store = StateStore.open(settings());
        SecretCipher cipher = new SecretCipher(EncryptionKeys.load(keys(), null));
        answers = new KeptAnswers(store, cipher, BOUNDS, () -> Instant.now().plus(later));
    }

    private Path keys() {
        return directory.resolve("keys");
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** As after a kill: nothing is told that it ends. */
    private void restart() {
        store.close();
        open();
    }

    private static RequestName name(String key) {
        return named(key, "caller");
    }

    private static RequestName named(String key, String caller) {
        return new RequestName(key, caller, "tdb_1", "/tenants?");
    }

    private Claim.First first(RequestName name) {
        Claim claim = answers.claim(name, BODY);
        assertThat(claim).isInstanceOf(Claim.First.class);
        return (Claim.First) claim;
    }

    private void answered(RequestName name, Secret answer) {
        answers.keep(first(name), answer);
    }

    @Test
    void theFirstAnswerOutlivesARestart() {
        answered(name("k"), ANSWER);

        restart();

        assertThat(answers.claim(name("k"), BODY)).isEqualTo(new Claim.Answered(ANSWER));
        assertThat(answers.claim(name("k"), OTHER_BODY)).isEqualTo(new Claim.OtherBody());
    }

    @Test
    void aRequestWhoseProcessDiedIsNotDoneAgain() {
        first(name("k"));

        restart();

        assertThat(answers.claim(name("k"), BODY)).isEqualTo(new Claim.CutShort());
        assertThat(answers.claim(name("k"), OTHER_BODY)).isEqualTo(new Claim.OtherBody());
    }

    @Test
    void ofManyAtOnceOneIsTheFirst() throws Exception {
        List<Future<Claim>> claims = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                claims.add(threads.submit(() -> answers.claim(name("k"), BODY)));
            }
        }

        int firsts = 0;
        for (Future<Claim> claim : claims) {
            switch (claim.get()) {
                case Claim.First _ -> firsts++;
                case Claim.Running _ -> {}
                case Claim other -> throw new AssertionError(other);
            }
        }
        assertThat(firsts).isEqualTo(1);
        assertThat(answers.claim(name("k"), OTHER_BODY)).isEqualTo(new Claim.OtherBody());
    }

    @Test
    void anotherCallerProjectOrPathIsAnotherRequest() {
        answered(name("k"), ANSWER);

        first(named("k", "other"));
        first(new RequestName("k", "caller", "tdb_2", "/tenants?"));
        first(new RequestName("k", "caller", "tdb_1", "/projects?"));
        first(name("l"));
    }

    @Test
    void whatIsGivenBackMayBeSentAgain() {
        answers.giveBack(first(name("k")));

        answered(name("k"), ANSWER);

        assertThat(answers.claim(name("k"), BODY)).isEqualTo(new Claim.Answered(ANSWER));
    }

    @Test
    void whatIsGivenBackWhenTheDatabaseIsAwayMayBeSentAgain() {
        Claim.First first = first(name("k"));
        hideTable();
        answers.giveBack(first);
        showTable();

        answered(name("k"), ANSWER);

        assertThat(answers.claim(name("k"), BODY)).isEqualTo(new Claim.Answered(ANSWER));
    }

    @Test
    void anAnswerThatCouldNotBeKeptIsNotMadeAgain() {
        Claim.First first = first(name("k"));
        hideTable();
        answers.keep(first, ANSWER);
        showTable();

        assertThat(answers.claim(name("k"), BODY)).isEqualTo(new Claim.CutShort());
    }

    private void hideTable() {
        run("ALTER TABLE kept_answers RENAME TO hidden");
    }

    private void showTable() {
        run("ALTER TABLE hidden RENAME TO kept_answers");
    }

    private void run(String sql) {
        StoreSettings settings = settings();
        try (Connection connection = DriverManager.getConnection(
                        settings.jdbcUrl(), settings.user(), settings.password().reveal());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    @Test
    void anAnswerIsForgottenAfterADay() {
        answered(name("k"), ANSWER);
        first(name("cut short"));
        later = KeptAnswers.KEPT.minusMinutes(1);
        assertThat(answers.claim(name("k"), BODY)).isEqualTo(new Claim.Answered(ANSWER));

        later = KeptAnswers.KEPT.plusMinutes(1);
        restart();

        first(name("k"));
        answers.round();
        assertThat(rows()).hasSize(1);
    }

    @Test
    void nothingOfAnAnswerOrABodyIsToBeReadInTheDatabase() {
        answered(name("k"), ANSWER);

        AnswerRows.Row row = rows().getFirst();

        assertThat(row.answer()).startsWith("k1:").doesNotContain("tdb_once", hex("tdb_once"));
        assertThat(row.request()).startsWith("k1:").doesNotContain("body", BODY.revealHex());
    }

    private static String hex(String text) {
        return Secret.of(text).revealHex();
    }

    @Test
    void answersAreReadAfterTheKeyWasChangedAndTheOldOneIsGone() throws IOException {
        answered(name("k"), ANSWER);
        first(name("running"));
        EncryptionKeys.addTo(keys());

        assertThat(SecretRotation.run(settings(), keys())).isEqualTo(new SecretRotation.Result("k2", 3, 0));

        Files.writeString(keys(), Files.readAllLines(keys()).getFirst());
        restart();
        assertThat(answers.claim(name("k"), BODY)).isEqualTo(new Claim.Answered(ANSWER));
        assertThat(answers.claim(name("running"), BODY)).isEqualTo(new Claim.CutShort());
    }

    @Test
    void anAnswerThatIsTooLongIsNotKeptAndItsRequestNotDoneAgain() {
        answered(name("fits"), Secret.of("x".repeat(1000)));
        answered(name("k"), Secret.of("x".repeat(1001)));

        assertThat(answers.claim(name("fits"), BODY)).isInstanceOf(Claim.Answered.class);
        assertThat(answers.claim(name("k"), BODY)).isEqualTo(new Claim.TooLong());
    }

    @Test
    void aboveTheNumberOfACallerItsOldestAnswersGoAndNobodyElses() {
        answered(named("k", "other"), ANSWER);
        for (int i = 0; i <= 4; i++) {
            later = later.plusMillis(1);
            answered(name("k" + i), ANSWER);
        }

        assertThat(rows()).hasSize(5);
        assertThat(answers.claim(name("k1"), BODY)).isInstanceOf(Claim.Answered.class);
        assertThat(answers.claim(named("k", "other"), BODY)).isInstanceOf(Claim.Answered.class);
        first(name("k0"));
    }

    @Test
    void aboveTheBytesOfACallerItsOldestAnswersGoAndNobodyElses() {
        answered(named("k", "other"), ANSWER);
        for (int i = 0; i <= 2; i++) {
            later = later.plusMillis(1);
            answered(name("k" + i), Secret.of("x".repeat(900)));
        }

        assertThat(rows().stream()
                        .filter(row -> row.caller().equals("caller"))
                        .mapToLong(AnswerRows.Row::bytes)
                        .sum())
                .isBetween(1800L, BOUNDS.bytesMax());
        assertThat(answers.claim(name("k2"), BODY)).isInstanceOf(Claim.Answered.class);
        assertThat(answers.claim(named("k", "other"), BODY)).isInstanceOf(Claim.Answered.class);
        first(name("k0"));
    }

    @Test
    void aboveTheNumberOfAllTheOldestAnswersGo() {
        for (int i = 0; i <= 8; i++) {
            later = later.plusMillis(1);
            answered(named("k", "caller " + i), ANSWER);
        }

        assertThat(rows()).hasSize(8);
        assertThat(answers.claim(named("k", "caller 1"), BODY)).isInstanceOf(Claim.Answered.class);
        first(named("k", "caller 0"));
    }

    @Test
    void whatIsBeingAnsweredNeverGoesBeforeItsTime() {
        Claim.First running = first(name("running"));
        for (int i = 0; i <= 4; i++) {
            later = later.plusMillis(1);
            answered(name("k" + i), ANSWER);
        }

        answers.keep(running, ANSWER);

        assertThat(answers.claim(name("running"), BODY)).isEqualTo(new Claim.Answered(ANSWER));
    }

    private List<AnswerRows.Row> rows() {
        return store.read(tables -> tables.answers().ids().stream()
                .map(id -> tables.answers().find(id).orElseThrow())
                .toList());
    }
}
