package dev.tdb.postgres.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.relay.KeptBytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementBookTest {
    private static final long ROOM_BYTES = 1 << 20;

    private final KeptBytes unbounded = KeptBytes.unbounded();
    private final StatementBook book = new StatementBook(100, unbounded);

    private ParsedStatement parse(String name, String text) {
        ByteBuf body = bytes(name + '\0' + text + "\0\0\0");
        return book.parseSent(body, 0, body.readableBytes(), body.readableBytes(), StandardCharsets.UTF_8);
    }

    private void prepared(String name, String text) {
        book.stands(parse(name, text));
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
    }

    private ParsedStatement find(String name) {
        return book.find(bytes(name), 0, name.length());
    }

    @Test
    void aStatementIsFoundOnceSentAndStandsOnceComplete() {
        ParsedStatement statement = parse("s", "SELECT 1");
        assertThat(find("s")).isSameAs(statement);
        assertThat(book.standing("s")).isNull();
        book.stands(statement);
        assertThat(book.standing("s")).isSameAs(statement);
        assertThat(statement.text()).isEqualTo("SELECT 1").isSameAs(statement.text());
        assertThat(statement.body()).isEqualTo("s\0SELECT 1\0\0\0".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aParseThatFailsLeavesWhatStood() {
        prepared("s", "old");
        book.parseDropped(parse("s", "new"));
        assertThat(find("s").text()).isEqualTo("old");
        book.parseDropped(parse("t", "new"));
        assertThat(find("t")).isNull();
        assertThat(book.count()).isEqualTo(1);
    }

    @Test
    void aCloseEndsItAndOneThatIsSkippedDoesNot() {
        prepared("s", "a");
        ParsedStatement closing = book.closeSent(bytes("s"), 0, 1);
        assertThat(find("s")).isNull();
        book.closeDropped(closing);
        assertThat(find("s")).isNotNull();
        book.closed(book.closeSent(bytes("s"), 0, 1));
        assertThat(find("s")).isNull();
        assertThat(book.standing()).isEmpty();
        assertThat(book.count()).isZero();
        assertThat(book.closeSent(bytes("never"), 0, 5)).isNull();
    }

    @Test
    void closeAndParseAnewMayBePipelined() {
        prepared("s", "old");
        ParsedStatement closing = book.closeSent(bytes("s"), 0, 1);
        ParsedStatement anew = parse("s", "new");
        book.closed(closing);
        assertThat(find("s")).isSameAs(anew);
        book.stands(anew);
        assertThat(book.standing("s")).isSameAs(anew);
        assertThat(book.count()).isEqualTo(1);
    }

    @Test
    void theUnnamedOneIsReplacedAndDropped() {
        prepared("", "a");
        prepared("", "b");
        assertThat(book.standingUnnamed().text()).isEqualTo("b");
        assertThat(book.count()).isEqualTo(1);
        book.unnamedGone();
        assertThat(book.standingUnnamed()).isNull();
        assertThat(book.count()).isZero();
    }

    @Test
    void sqlTakesNamedOnesAwayAndLeavesWhatIsSentAfterIt() {
        prepared("a", "1");
        prepared("B", "2");
        prepared("", "3");
        ParsedStatement later = parse("c", "4");
        book.gone("a");
        book.gone("unknown");
        assertThat(book.standing("a")).isNull();
        book.allNamedGone();
        assertThat(book.standing()).isEmpty();
        assertThat(find("c")).isSameAs(later);
        assertThat(book.standingUnnamed()).isNotNull();
    }

    @Test
    void onlyWhatTheServerNamesIsLeft() {
        prepared("a", "1");
        prepared("b", "2");
        book.onlyStanding(Set.of("b", "c"));
        assertThat(book.standing()).extracting(ParsedStatement::text).containsExactly("2");
        assertThat(book.count()).isEqualTo(1);
    }

    @Test
    void namesAreKnownByTheirFirst63Bytes() {
        String name = "n".repeat(63);
        prepared(name + "tail", "1");
        assertThat(find(name + "other")).isNotNull();
        assertThat(book.standing(name)).isNotNull();
    }

    @Test
    void pastTheBoundsANameIsNotKnownUntilThereIsRoomAgain() {
        for (int i = 0; i < StatementBook.STATEMENTS_MAX; i++) {
            prepared("s" + i, "x");
        }
        prepared("more", "x");
        prepared("", "unnamed");
        assertThat(find("more")).isNull();
        assertThat(book.standing("more")).isNull();
        assertThat(book.standingUnnamed().body()).isNull();
        assertThat(book.standingUnnamed().text()).isEqualTo("unnamed");
        assertThat(book.count()).isEqualTo(StatementBook.STATEMENTS_MAX);
        book.allNamedGone();
        prepared("more", "x");
        assertThat(book.standing("more").body()).isNotNull();
    }

    @Test
    void bodiesAreKeptUpToABound() {
        String large = "x".repeat(StatementBook.BODY_BYTES_MAX - 100);
        for (int i = 0; i < 16; i++) {
            prepared("s" + i, large);
        }
        prepared("more", large);
        assertThat(book.standing("s15").body()).isNotNull();
        assertThat(book.standing("more").body()).isNull();
        assertThat(book.standing("more").isLarge()).isFalse();
        prepared("larger", "x".repeat(StatementBook.BODY_BYTES_MAX));
        assertThat(book.standing("larger").isLarge()).isTrue();
        assertThat(book.standing("larger").text()).hasSize(100);
    }

    /** How many statements of 1 KiB a session of {@code shared} can prepare until one is not kept. */
    private static int keptOf(StatementBook book) {
        String text = "x".repeat(1 << 10);
        for (int i = 0; ; i++) {
            ByteBuf body = bytes("s" + i + '\0' + text + "\0\0\0");
            ParsedStatement statement =
                    book.parseSent(body, 0, body.readableBytes(), body.readableBytes(), StandardCharsets.UTF_8);
            book.stands(statement);
            if (statement.body() == null) {
                return i;
            }
        }
    }

    @Test
    void allSessionsTogetherKeepNoMoreThanThereIsRoomFor() {
        KeptBytes shared = new KeptBytes(ROOM_BYTES);
        StatementBook greedy = new StatementBook(100, shared);
        int kept = keptOf(greedy);
        assertThat(greedy.wasShortOfRoom()).isTrue();
        assertThat(shared.keptBytes()).isBetween(ROOM_BYTES / 2, ROOM_BYTES / 2 + (2 << 10));
        assertThat(kept).isBetween(256, 512);

        int sessions = 0;
        while (keptOf(new StatementBook(100, shared)) > 0) {
            sessions++;
        }

        assertThat(sessions).as("others have a part of what is left").isGreaterThan(20);
        assertThat(shared.keptBytes()).isBetween(ROOM_BYTES * 9 / 10, ROOM_BYTES);
    }

    @Test
    void whatIsGoneLeavesItsRoomToOthers() {
        KeptBytes shared = new KeptBytes(ROOM_BYTES);
        StatementBook ends = new StatementBook(100, shared);
        StatementBook deallocates = new StatementBook(100, shared);
        keptOf(ends);
        keptOf(deallocates);

        ends.clear();
        deallocates.allNamedGone();

        assertThat(shared.keptBytes()).isZero();
        assertThat(keptOf(new StatementBook(100, shared))).isGreaterThan(256);
    }

    /** Against a plain map. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatStandsIsWhatAServerWouldHave(long seed) {
        Random random = new Random(seed);
        Map<String, String> server = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            String name = "s" + random.nextInt(300);
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    ParsedStatement statement = parse(name, "text " + i);
                    if (server.containsKey(name)) {
                        book.parseDropped(statement);
                    } else {
                        book.stands(statement);
                        server.put(name, "text " + i);
                    }
                }
                case 2 -> {
                    ParsedStatement closing = book.closeSent(bytes(name), 0, name.length());
                    assertThat(closing != null).isEqualTo(server.containsKey(name));
                    if (closing != null && random.nextBoolean()) {
                        book.closeDropped(closing);
                    } else if (closing != null) {
                        book.closed(closing);
                        server.remove(name);
                    }
                }
                case 3 -> {
                    book.gone(name);
                    server.remove(name);
                }
                default -> {
                    ParsedStatement found = find(name);
                    assertThat(found == null ? null : found.text()).isEqualTo(server.get(name));
                }
            }
            assertThat(book.count()).as("seed %d, step %d", seed, i).isEqualTo(server.size());
        }
        server.keySet().forEach(book::gone);
        assertThat(unbounded.keptBytes()).as("seed %d", seed).isZero();
    }
}
