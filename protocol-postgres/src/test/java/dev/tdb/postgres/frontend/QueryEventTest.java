package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.ClientBytes.all;
import static dev.tdb.postgres.frontend.ClientBytes.bind;
import static dev.tdb.postgres.frontend.ClientBytes.execute;
import static dev.tdb.postgres.frontend.ClientBytes.functionCall;
import static dev.tdb.postgres.frontend.ClientBytes.parse;
import static dev.tdb.postgres.frontend.ClientBytes.query;
import static dev.tdb.postgres.frontend.ClientBytes.sync;
import static dev.tdb.postgres.frontend.ServerBytes.bindComplete;
import static dev.tdb.postgres.frontend.ServerBytes.complete;
import static dev.tdb.postgres.frontend.ServerBytes.dataRow;
import static dev.tdb.postgres.frontend.ServerBytes.emptyQuery;
import static dev.tdb.postgres.frontend.ServerBytes.error;
import static dev.tdb.postgres.frontend.ServerBytes.functionResult;
import static dev.tdb.postgres.frontend.ServerBytes.parameter;
import static dev.tdb.postgres.frontend.ServerBytes.parseComplete;
import static dev.tdb.postgres.frontend.ServerBytes.ready;
import static dev.tdb.postgres.frontend.ServerBytes.suspended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tdb.proxy.observe.QueryEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QueryEventTest {
    private final TestTalk talk = TestTalk.begun();

    private QueryEvent only() {
        List<QueryEvent> events = talk.port.takeEvents();
        assertThat(events).hasSize(1);
        return events.getFirst();
    }

    @Test
    void aQuerySaysWhoAskedWhatAndWhatCameOfIt() {
        long before = TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
        byte[] reply = all(dataRow("1"), dataRow("2"), complete("SELECT 2"), ready('I'));
        talk.client(query("SELECT a FROM b"));
        talk.server(reply);

        QueryEvent event = only();
        assertThat(event.route()).isEqualTo(TestTalk.ROUTE);
        assertThat(event.source()).isEqualTo(QueryEvent.Source.PROXY);
        assertThat(event.user()).isEqualTo("key_1");
        assertThat(event.client()).isEqualTo("10.0.0.7:4711");
        assertThat(event.text()).isEqualTo("SELECT a FROM b");
        assertThat(event.success()).isTrue();
        assertThat(event.rows()).isEqualTo(2);
        assertThat(event.bytes()).isEqualTo(reply.length);
        assertThat(event.heldNanos()).isZero();
        assertThat(event.durationNanos()).isBetween(0L, Duration.ofSeconds(30).toNanos());
        assertThat(event.startedAtMicros())
                .isBetween(
                        before - 2000,
                        TimeUnit.MILLISECONDS.toMicros(Instant.now().toEpochMilli()) + 2000);
    }

    @Test
    void rowsOfAllStatementsOfAQueryAreAddedUp() {
        talk.client(query("INSERT; UPDATE; CREATE"));
        talk.server(complete("INSERT 0 3"), complete("UPDATE 4"), complete("CREATE TABLE"), ready('I'));
        assertThat(only().rows()).isEqualTo(7);

        talk.client(query("CREATE"));
        talk.server(complete("CREATE TABLE"), ready('I'));
        assertThat(only().rows()).isEqualTo(-1);

        talk.client(query(""));
        talk.server(emptyQuery(), ready('I'));
        assertThat(only().rows()).isEqualTo(-1);
    }

    @Test
    void anErrorIsToldWithItsCodeAndSentence() {
        talk.client(query("a; b"));
        talk.server(complete("INSERT 0 1"), error("ERROR", "23505", "duplicate key"), ready('I'));
        QueryEvent event = only();
        assertThat(event.success()).isFalse();
        assertThat(event.errorCode()).isEqualTo("23505");
        assertThat(event.error()).isEqualTo("duplicate key");
    }

    @Test
    void eachExecutionOfAPreparedStatementIsReportedUnderOneText() {
        talk.client(parse("s", "SELECT $1"), bind("p", "s"), execute("p", 0), bind("", "s"), execute(), sync());
        talk.server(parseComplete(), bindComplete(), dataRow("1"), complete("SELECT 1"));
        talk.server(bindComplete(), complete("SELECT 0"), ready('I'));

        List<QueryEvent> events = talk.port.takeEvents();
        assertThat(events)
                .extracting(QueryEvent::text, QueryEvent::rows)
                .containsExactly(tuple("SELECT $1", 1L), tuple("SELECT $1", 0L));
        assertThat(events.get(0).text()).isSameAs(events.get(1).text());
    }

    @Test
    void aFailedBatchIsReportedOnce() {
        talk.client(parse("", "a"), bind("", ""), execute(), parse("", "b"), bind("", ""), execute(), sync());
        talk.server(parseComplete(), error("ERROR", "22P02", "bad value"), ready('I'));
        QueryEvent event = only();
        assertThat(event.text()).isEqualTo("a");
        assertThat(event.errorCode()).isEqualTo("22P02");
    }

    @Test
    void anErrorOfTheCommitIsReportedWithTheLastStatement() {
        talk.client(parse("", "INSERT"), bind("", ""), execute(), sync());
        talk.server(
                parseComplete(),
                bindComplete(),
                complete("INSERT 0 1"),
                error("ERROR", "23503", "deferred"),
                ready('I'));
        assertThat(talk.port.takeEvents())
                .extracting(QueryEvent::text, QueryEvent::errorCode)
                .containsExactly(tuple("INSERT", ""), tuple("INSERT", "23503"));
    }

    @Test
    void aSuspendedPortalReportsWhatItGave() {
        talk.client(parse("", "a"), bind("", ""), execute("", 2), execute("", 2), sync());
        talk.server(parseComplete(), bindComplete(), dataRow("1"), dataRow("2"), suspended());
        talk.server(dataRow("3"), complete("SELECT 1"), ready('I'));
        assertThat(talk.port.takeEvents()).extracting(QueryEvent::rows).containsExactly(2L, 1L);
    }

    @Test
    void aFunctionCallIsReported() {
        talk.client(functionCall(1598));
        talk.server(functionResult(), ready('I'));
        assertThat(only().text()).isEqualTo("function call 1598");
    }

    @Test
    void pipelinedQueriesAreReportedEachWithItsOwn() {
        talk.client(query("a"), query("b"));
        talk.server(complete("SELECT 1"), ready('I'));
        talk.server(error(), ready('I'));
        assertThat(talk.port.takeEvents())
                .extracting(QueryEvent::text, QueryEvent::success, QueryEvent::bytes)
                .containsExactly(
                        tuple("a", true, (long) all(complete("SELECT 1"), ready('I')).length),
                        tuple("b", false, (long) all(error(), ready('I')).length));
    }

    @Test
    void theTimeOnHoldIsPartOfTheDurationOfWhatWaitedOnly() {
        talk.conversation.heldFor(Duration.ofSeconds(3).toNanos());
        talk.client(query("a"));
        talk.client(query("b"));
        talk.server(complete("A"), ready('I'), complete("B"), ready('I'));
        List<QueryEvent> events = talk.port.takeEvents();
        assertThat(events.get(0).heldNanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
        assertThat(events.get(0).durationNanos())
                .isGreaterThan(Duration.ofSeconds(3).toNanos());
        assertThat(events.get(1).heldNanos()).isZero();
    }

    @Test
    void longTextsAreCutWhetherSplitOrNot() {
        byte[] large = query("y".repeat(100_000));
        talk.client(large);
        for (byte[] half : List.of(Arrays.copyOf(large, 50_000), Arrays.copyOfRange(large, 50_000, large.length))) {
            talk.client(half);
        }
        talk.client(parse("", "y".repeat(100_000)), bind("", ""), execute(), sync());
        talk.server(complete("A"), ready('I'), complete("A"), ready('I'));
        talk.server(parseComplete(), bindComplete(), complete("A"), ready('I'));
        assertThat(talk.port.takeEvents())
                .extracting(QueryEvent::text)
                .containsExactly("y".repeat(4096), "y".repeat(4096), "y".repeat(4096));
    }

    @Test
    void textsAreReadInTheClientsEncoding() {
        talk.server(parameter("client_encoding", "LATIN1"));
        talk.client(query("Grüße"));
        talk.server(complete("A"), ready('I'));
        assertThat(only().text()).isEqualTo("Grüße");

        talk.server(parameter("client_encoding", "UTF8"));
        talk.client(query(new String("Grüße".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
        talk.server(complete("A"), ready('I'));
        assertThat(only().text()).isEqualTo("Grüße");
    }
}
