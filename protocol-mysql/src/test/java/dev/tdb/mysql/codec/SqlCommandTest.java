package dev.tdb.mysql.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlCommandTest {
    @ParameterizedTest
    @ValueSource(strings = {"USE shop", "use shop;", "  Use\n`shop` ;  ", "USE\tshop"})
    void aDatabaseIsChosenHoweverItIsWritten(String text) {
        assertThat(SqlCommand.of(text)).isEqualTo(new SqlCommand.Use("shop"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL 7", "kill connection 7;", "KILL HARD 7", "KILL SOFT CONNECTION 7"})
    void aSessionIsEndedByItsNumber(String text) {
        assertThat(SqlCommand.of(text)).isEqualTo(new SqlCommand.Kill(7, false));
    }

    @Test
    void aStatementIsEndedByTheNumberOfItsSession() {
        assertThat(SqlCommand.of("KILL QUERY 4294967295")).isEqualTo(new SqlCommand.Kill(4_294_967_295L, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL QUERY ID 7", "KILL USER app", "KILL CONNECTION_ID()", "kill\n@a"})
    void anyOtherKillIsKnownAsOne(String text) {
        assertThat(SqlCommand.of(text)).isEqualTo(new SqlCommand.KillOther());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "SELECT 1", "UPDATE t SET a = 1", "USE a; SELECT 1", "KILLER", "user"})
    void theRestIsTheServers(String text) {
        assertThat(SqlCommand.of(text)).isEqualTo(new SqlCommand.Any());
    }
}
