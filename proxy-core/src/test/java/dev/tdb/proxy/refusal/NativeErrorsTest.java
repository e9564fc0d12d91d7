package dev.tdb.proxy.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads the whole table of refusals: every row, every column, and what docs/adr/0003-refusal-codes.md promises. */
final class NativeErrorsTest {
    private static final String DATABASE = "shop__acme";

    /** SQLSTATEs that make HikariCP or DBCP2 throw the connection away, whatever the severity; and all of class 08. */
    private static final Set<String> EVICTING = Set.of("0A000", "57P01", "57P02", "57P03", "01002", "JZ0C0", "JZ0C1");

    /** What SQLAlchemy on psycopg2 takes for a lost connection when a message contains it, in lower case. */
    private static final List<String> SOUNDS_LOST = List.of(
            "terminating connection",
            "closed the connection",
            "connection not open",
            "could not receive data from server",
            "could not send data to server",
            "connection already closed",
            "connection has been closed unexpectedly");

    static List<Refusal> all() {
        return List.of(
                new Refusal.BadCredentials("tdb_2abf90d3"),
                new Refusal.ScopeDenied(DATABASE),
                new Refusal.UnknownDatabase(DATABASE),
                new Refusal.TlsRequired(),
                new Refusal.TooManyConnections(100),
                new Refusal.RateLimited(Duration.ofMillis(300)),
                new Refusal.Suspended(DATABASE),
                new Refusal.Provisioning(DATABASE),
                new Refusal.Deleted(DATABASE),
                new Refusal.HoldTimedOut(DATABASE, Duration.ofSeconds(30)),
                new Refusal.HoldOverflow(DATABASE, 1 << 20),
                new Refusal.Cancelled(),
                new Refusal.ServerUnreachable(DATABASE),
                new Refusal.ServerLost(DATABASE),
                new Refusal.SessionCannotMove(DATABASE, "temporary table"),
                new Refusal.CannotDepart(DATABASE, "temporary table"),
                new Refusal.Terminated("its key was revoked"),
                new Refusal.ShuttingDown(),
                new Refusal.Unsupported("replication"),
                new Refusal.ProtocolViolated("frame length -1"));
    }

    /** Nothing was executed and the connection is as good as before. */
    static Stream<Refusal> keepingTheConnection() {
        return all().stream().filter(refusal -> !refusal.endsConnection());
    }

    static Stream<Refusal> endingASession() {
        return all().stream()
                .filter(refusal -> refusal instanceof Refusal.SessionCannotMove
                        || refusal instanceof Refusal.Terminated
                        || refusal instanceof Refusal.ShuttingDown
                        || refusal instanceof Refusal.ServerUnreachable
                        || refusal instanceof Refusal.ServerLost);
    }

    static Stream<Refusal> askingToTryAgain() {
        return keepingTheConnection()
                .filter(refusal -> !(refusal instanceof Refusal.Cancelled || refusal instanceof Refusal.CannotDepart));
    }

    @Test
    void everyRefusalIsReadHere() {
        assertThat(all()).extracting(refusal -> (Object) refusal.getClass()).containsExactlyInAnyOrder((Object[])
                Refusal.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("all")
    void aRowIsWholeAndItsCodesHaveTheShapeOfTheirProtocols(Refusal refusal) {
        NativeErrors row = NativeErrors.of(refusal);

        assertThat(row.sqlState()).matches("[0-9A-Z]{5}").doesNotStartWith("00");
        assertThat(row.mysqlErrno()).isBetween(1000, 5999);
        assertThat(row.mysqlState()).matches("[0-9A-Z]{5}").doesNotStartWith("00");
        assertThat(row.mongoCode()).isPositive();
        assertThat(row.mongoName()).matches("([A-Z][a-z]+)+");
        assertThat(row.redisPrefix()).matches("[A-Z]+");
    }

    @Test
    void aMongoCodeHasOneName() {
        assertThat(all().stream()
                        .map(NativeErrors::of)
                        .map(row -> row.mongoCode() + row.mongoName())
                        .distinct())
                .hasSameSizeAs(all().stream()
                        .map(NativeErrors::of)
                        .map(NativeErrors::mongoCode)
                        .distinct()
                        .toList());
    }

    @Test
    void aMysqlErrnoHasOneState() {
        assertThat(all().stream()
                        .map(NativeErrors::of)
                        .map(row -> row.mysqlErrno() + row.mysqlState())
                        .distinct())
                .hasSameSizeAs(all().stream()
                        .map(NativeErrors::of)
                        .map(NativeErrors::mysqlErrno)
                        .distinct()
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("askingToTryAgain")
    void aUnitThatMayBeTriedAgainSaysSoTheSameWayWhateverTheReason(Refusal refusal) {
        NativeErrors row = NativeErrors.of(refusal);

        assertThat(row).isEqualTo(new NativeErrors("55P03", 1205, "HY000", 262, "ExceededTimeLimit", "TRYAGAIN"));
    }

    @ParameterizedTest
    @MethodSource("keepingTheConnection")
    void aRefusalThatKeepsTheConnectionHasNoCodeForWhichAPoolThrowsItAway(Refusal refusal) {
        NativeErrors row = NativeErrors.of(refusal);

        assertThat(List.of(row.sqlState(), row.mysqlState()))
                .allSatisfy(state -> assertThat(state).isNotIn(EVICTING).doesNotStartWith("08"));
    }

    @ParameterizedTest
    @MethodSource("keepingTheConnection")
    void aRefusalThatKeepsTheConnectionDoesNotSoundLikeALostOne(Refusal refusal) {
        assertThat(SOUNDS_LOST)
                .noneMatch(phrase -> refusal.sentence().toLowerCase(Locale.ROOT).contains(phrase));
    }

    @ParameterizedTest
    @MethodSource("endingASession")
    void aRefusalThatEndsASessionHasACodeForWhichAPoolThrowsTheConnectionAway(Refusal refusal) {
        String state = NativeErrors.of(refusal).sqlState();

        assertThat(EVICTING.contains(state) || state.startsWith("08")).isTrue();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aSentenceIsOneLineForAPersonAndALabelIsOneWordForAMetric(Refusal refusal) {
        assertThat(refusal.sentence()).isNotBlank().doesNotContain("\n").hasSizeLessThan(256);
        assertThat(refusal.label()).matches("[a-z]+(_[a-z]+)*");
    }

    @Test
    void labelsDiffer() {
        assertThat(all()).extracting(Refusal::label).doesNotHaveDuplicates();
    }
}
