package dev.tdb.it;

import dev.tdb.it.Differential.Ground;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.ErrorDetails;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.postgresql.api.PostgresqlResult;
import io.r2dbc.postgresql.api.PostgresqlStatement;
import io.r2dbc.spi.ColumnMetadata;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.ReadableMetadata;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** r2dbc-postgresql is told the same by the proxy as by the server. */
@ExtendWith(OneDifferential.class)
final class R2dbcDifferentialIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Differential differential;

    @BeforeAll
    static void take(Differential shared) {
        differential = shared;
    }

    private interface Work {
        void run(PostgresqlConnection connection, Transcript transcript);
    }

    private static void compare(Ground ground, Work work) throws Exception {
        differential.compare(ground, (endpoint, transcript) -> {
            PostgresqlConnection connection = done(factory(endpoint).create());
            try {
                work.run(connection, transcript);
            } finally {
                connection.close().block(PATIENCE);
            }
        });
    }

    private static PostgresqlConnectionFactory factory(Endpoint endpoint) {
        return new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
                .host(endpoint.host())
                .port(endpoint.port())
                .database(endpoint.database())
                .username(endpoint.user())
                .password(endpoint.password())
                .build());
    }

    private static <T> T done(Publisher<T> publisher) {
        return Objects.requireNonNull(Mono.from(publisher).block(PATIENCE));
    }

    // ---- what is told

    /** Takes all that {@code results} say; an error is part of the transcript. */
    private static void step(Transcript transcript, String what, Publisher<? extends Result> results) {
        transcript.step(what);
        collect(transcript, Flux.from(results).concatMap(R2dbcDifferentialIT::told));
    }

    private static void step(Transcript transcript, PostgresqlConnection connection, String sql) {
        step(transcript, sql, connection.createStatement(sql).execute());
    }

    private static void nothing(Transcript transcript, String what, Publisher<Void> action) {
        transcript.step(what);
        collect(transcript, Mono.from(action).thenReturn("done").flux());
    }

    private static void collect(Transcript transcript, Flux<String> lines) {
        lines.onErrorResume(R2dbcException.class, e -> Mono.just(told(e)))
                .doOnNext(transcript::note)
                .then()
                .block(PATIENCE);
    }

    private static Publisher<String> told(Result result) {
        return result.flatMap(segment -> Mono.just(
                switch (segment) {
                    case Result.RowSegment row -> told(row.row());
                    case Result.UpdateCount count -> "count " + count.value();
                    case Result.Message message -> told(message.exception());
                    default -> segment.toString();
                }));
    }

    private static String told(Row row) {
        return "row "
                + row.getMetadata().getColumnMetadatas().stream()
                        .map(column -> described(column) + " = " + shown(value(row, column)))
                        .collect(Collectors.joining(", "));
    }

    private static @Nullable Object value(Readable row, ReadableMetadata column) {
        return row.get(column.getName());
    }

    private static String described(ColumnMetadata column) {
        return column.getName() + " " + column.getType().getName() + " " + column.getPrecision() + " "
                + column.getScale() + " " + column.getNullability();
    }

    private static String shown(@Nullable Object value) {
        return value instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(value);
    }

    private static String told(R2dbcException e) {
        return "error " + e.getClass().getSimpleName() + " " + e.getSqlState() + " " + e.getMessage()
                + (e instanceof PostgresqlException told ? parts(told.getErrorDetails()) : "");
    }

    private static String parts(ErrorDetails told) {
        return " | " + told.getDetail() + " | " + told.getHint() + " | "
                + told.getPosition() + " | " + told.getInternalQuery() + " | " + told.getWhere() + " | "
                + told.getSchemaName() + " | " + told.getTableName() + " | " + told.getColumnName() + " | "
                + told.getDataTypeName() + " | " + told.getConstraintName() + " | " + told.getFile() + " | "
                + told.getLine() + " | " + told.getRoutine();
    }

    // ---- the work

    @ParameterizedTest
    @EnumSource(Ground.class)
    void statementsErrorsAndNotices(Ground ground) throws Exception {
        compare(ground, (connection, transcript) -> {
            Faults.TABLES.forEach(sql -> step(transcript, connection, sql));
            // The driver's name of a type it does not know is a number, which differs: so not the color.
            step(transcript, connection, "SELECT item.id, name, n, part.* FROM item, part");
            step(transcript, connection, "SELECT 1 AS a; SELECT 2 AS b WHERE false; DELETE FROM part; SELECT 3 AS c");
            step(transcript, connection, "SELECT 1 AS a; SELECT 1 / 0; SELECT 2 AS b");
            step(transcript, connection, "SELECT say('notice', 'noticed'), say('warning', 'and this')");
            Faults.STATEMENTS.forEach(sql -> step(transcript, connection, sql));
        });
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void preparedStatementsAndBatches(Ground ground) throws Exception {
        compare(ground, (connection, transcript) -> {
            step(transcript, connection, "CREATE TABLE item (id int PRIMARY KEY, name text, tags text[])");
            for (int i = 0; i < 3; i++) {
                PostgresqlStatement insert = connection
                        .createStatement("INSERT INTO item VALUES ($1, $2, $3)")
                        .returnGeneratedValues("id", "name");
                for (int row = 0; row < 5; row++) {
                    insert.bind("$1", i * 10 + row).bindNull("$2", String.class).bind("$3", new String[] {"a", "ü"});
                    if (row < 4) {
                        insert.add();
                    }
                }
                step(transcript, "rows", insert.execute());
                step(
                        transcript,
                        "a row that is there",
                        connection
                                .createStatement("INSERT INTO item VALUES ($1, 'again')")
                                .bind("$1", i)
                                .execute());
                for (int fetchSize : new int[] {0, 1, 4}) {
                    step(
                            transcript,
                            "by " + fetchSize,
                            connection
                                    .createStatement("SELECT id, name, tags, now() > $1 AS later FROM item ORDER BY id")
                                    .bind("$1", LocalDate.EPOCH)
                                    .fetchSize(fetchSize)
                                    .execute());
                }
                step(
                        transcript,
                        "with an error in the middle",
                        connection
                                .createStatement("SELECT 10 / ($1 - g) AS n FROM generate_series(1, 9) g")
                                .bind("$1", 5)
                                .fetchSize(2)
                                .execute());
                step(
                        transcript,
                        "a batch",
                        connection
                                .createBatch()
                                .add("SELECT count(*) AS n FROM item")
                                .add("UPDATE item SET name = 'x'")
                                .add("SELECT 1 AS one")
                                .execute());
                step(
                        transcript,
                        "a batch that fails",
                        connection
                                .createBatch()
                                .add("UPDATE item SET name = 'y'")
                                .add("SELECT 1 / 0")
                                .add("UPDATE item SET name = 'z'")
                                .execute());
                step(transcript, connection, "SELECT DISTINCT name FROM item");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void transactions(Ground ground) throws Exception {
        compare(ground, (connection, transcript) -> {
            step(transcript, connection, "CREATE TABLE item (id int PRIMARY KEY)");
            for (int i = 0; i < 2; i++) {
                nothing(transcript, "begin", connection.beginTransaction());
                step(transcript, connection, "INSERT INTO item VALUES (" + i + ")");
                nothing(transcript, "savepoint", connection.createSavepoint("a"));
                step(transcript, connection, "INSERT INTO item VALUES (" + i + ")");
                step(transcript, connection, "SELECT 'failed'");
                nothing(transcript, "back", connection.rollbackTransactionToSavepoint("a"));
                nothing(transcript, "commit", connection.commitTransaction());
                nothing(transcript, "begin", connection.beginTransaction());
                step(transcript, connection, "DELETE FROM item");
                step(transcript, connection, "SELECT 1 / 0");
                nothing(transcript, "commit of what failed", connection.commitTransaction());
                nothing(transcript, "rollback", connection.rollbackTransaction());
                step(transcript, connection, "SELECT * FROM item");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void notifications(Ground ground) throws Exception {
        compare(ground, (connection, transcript) -> {
            step(transcript, connection, "LISTEN news");
            Mono<List<String>> heard = connection
                    .getNotifications()
                    .map(news -> news.getName() + ": " + news.getParameter())
                    .take(4)
                    .collectList()
                    .cache();
            heard.subscribe();
            for (String news : List.of("one", "two", "three", "four")) {
                step(transcript, connection, "NOTIFY news, '" + news + "'");
            }
            transcript.note(done(heard).toString());
            step(transcript, connection, "UNLISTEN news");
        });
    }

    /** The rest of the rows is not wanted any more: what the driver asks of the server then is its own affair. */
    @ParameterizedTest
    @EnumSource(Ground.class)
    void subscriptionsThatAreCancelled(Ground ground) throws Exception {
        compare(ground, (connection, transcript) -> {
            for (int fetchSize : new int[] {0, 5}) {
                transcript.step("a few rows, fetched by " + fetchSize);
                collect(
                        transcript,
                        connection
                                .createStatement("SELECT g FROM generate_series(1, $1) g")
                                .bind("$1", 2000)
                                .fetchSize(fetchSize)
                                .execute()
                                .concatMap(result -> result.map((row, _) -> told(row)))
                                .take(7));
                step(transcript, connection, "SELECT 'and on'");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void statementsThatAreCancelled(Ground ground) throws Exception {
        compare(ground, (connection, transcript) -> {
            nothing(transcript, "a time-out", connection.setStatementTimeout(Duration.ofMillis(30)));
            step(transcript, connection, "SELECT pg_sleep(60)");
            nothing(transcript, "no time-out", connection.setStatementTimeout(Duration.ZERO));
            step(transcript, connection, "SELECT 'and on'");
            transcript.step("cancelled from outside");
            Mono<Void> cancel = Mono.fromRunnable(R2dbcDifferentialIT::awaitSleeper)
                    .subscribeOn(Schedulers.boundedElastic())
                    .then(connection.cancelRequest())
                    .cache();
            cancel.subscribe();
            Flux<PostgresqlResult> sleeping =
                    connection.createStatement("SELECT pg_sleep(60)").execute();
            collect(transcript, sleeping.concatMap(R2dbcDifferentialIT::told));
            cancel.block(PATIENCE);
            step(transcript, connection, "SELECT 'and on'");
        });
    }

    private static void awaitSleeper() {
        Sleepers.awaitOne(differential.server(), Differential.DATABASE);
    }
}
