package dev.tdb.mysql.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlScanTest {
    private final Found found = new Found();
    private final SqlScan scan = new SqlScan(found);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET @a = 1 | @a",
                "SELECT @A := 1, @`b c`, @'d' | @a @b c @d",
                "SELECT 1 INTO @x.y | @x.y",
                "SELECT GET_LOCK('a', 1) | lock",
                "select get_lock ('a', 1) | lock",
                "DO RELEASE_ALL_LOCKS() | unlock",
                "CREATE TEMPORARY TABLE t (n INT) | temporary",
                "CREATE OR REPLACE TEMPORARY TABLE t (n INT) | temporary",
                "create /* a */ temporary table t (n int) | temporary",
                "CREATE /*!32302 TEMPORARY */ TABLE t (n INT) | temporary",
                "SELECT 1; CREATE TEMPORARY TABLE t (n INT) | temporary",
                "HANDLER t OPEN | handler",
                "PREPARE s FROM 'SELECT 1' | prepare s",
                "DEALLOCATE PREPARE s | deallocate s",
                "DROP PREPARE s | deallocate s",
                "SET ROLE r | role",
                "SELECT LAST_INSERT_ID(7) | insert id",
                "SELECT last_insert_id( 7 ) | insert id",
                "SET autocommit = 1, session_track_system_variables = CONCAT(@@sql_mode, 'x') | tracked",
                "SET @@session.session_track_system_variables = '' | tracked",
            })
    void whatAServerDoesNotTellIsSeenInATextHoweverItIsCut(String text, String expected) {
        for (int cut = 0; cut <= text.length(); cut++) {
            found.events.clear();
            ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);

            scan.part(bytes, 0, cut);
            scan.part(bytes, cut, text.length() - cut);
            scan.end();

            assertThat(String.join(" ", found.events)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1",
                "SELECT @@autocommit, @@session.sql_mode",
                "SELECT 'GET_LOCK(@a)', \"@b\", `@c`",
                "SELECT 'it''s @a \\' @b'",
                "SELECT 1 -- @a",
                "SELECT 1 # @a",
                "SELECT 1 /* @a GET_LOCK( */",
                "SELECT LAST_INSERT_ID()",
                "DROP TEMPORARY TABLE t",
                "CREATE TABLE temporary_things (n INT)",
                "SELECT handler FROM t",
                "SET role_name = 1",
                "INSERT INTO prepare VALUES (1)",
            })
    void whatOnlyLooksLikeItIsNotTakenForIt(String text) {
        scan(text);

        assertThat(found.events).isEmpty();
    }

    @Test
    void aTextExplainsItsStateOnlyWhenItSaysHowItChanges() {
        assertThat(scan("SET @a = 1")).isTrue();
        assertThat(scan("CALL p()")).isFalse();
        assertThat(scan("DROP TEMPORARY TABLE t")).isTrue();
        assertThat(scan("INSERT INTO t VALUES ('@a')")).isFalse();
    }

    @Test
    void aBackslashIsACharacterWhereTheModeSaysSo() {
        scan.backslashesEscape(false);

        scan("SELECT '\\', @a, '\\'");

        assertThat(found.events).containsExactly("@a");
    }

    @Test
    void anyBytesAreScannedAndTheNextTextBeginsAnew() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            scan.scan(Unpooled.wrappedBuffer(noise), 0, noise.length);
            found.events.clear();

            scan("SET @a = 1");

            assertThat(found.events).as("seed %d", seed).containsExactly("@a");
        }
    }

    private boolean scan(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        return scan.scan(bytes, 0, bytes.readableBytes());
    }

    private static final class Found implements SqlScan.Sink {
        private final List<String> events = new ArrayList<>();

        @Override
        public void userVariable(String name) {
            events.add("@" + name);
        }

        @Override
        public void userLock() {
            events.add("lock");
        }

        @Override
        public void userLocksReleased() {
            events.add("unlock");
        }

        @Override
        public void temporaryTable() {
            events.add("temporary");
        }

        @Override
        public void handler() {
            events.add("handler");
        }

        @Override
        public void prepared(String name) {
            events.add("prepare " + name);
        }

        @Override
        public void deallocated(String name) {
            events.add("deallocate " + name);
        }

        @Override
        public void role() {
            events.add("role");
        }

        @Override
        public void lastInsertId() {
            events.add("insert id");
        }

        @Override
        public void trackedVariables() {
            events.add("tracked");
        }
    }
}
