package dev.tdb.control.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresLiteralsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT a1, \"B 2\" FROM t3 WHERE x = 42 | SELECT a1, \"B 2\" FROM t3 WHERE x = ?",
                "SELECT 'it''s', 'b' | SELECT ?, ?",
                "SELECT E'it\\'s', e'\\\\', n'x', B'01', X'ff', U&'\\0041' | SELECT ?, ?, ?, ?, ?, ?",
                "SELECT u&\"d\\0061t\", $1, $23::int, a$b | SELECT u&\"d\\0061t\", $1, $23::int, a$b",
                "SELECT $$a 'b' $x$ c$$, $x$ $$ $x$ | SELECT ?, ?",
                "SELECT 1.5e-7+.5-0xFF*1_000/2. | SELECT ?+?-?*?/?",
                "SELECT a[1:2], x.y, 3 .. 4 | SELECT a[?:?], x.y, ? .. ?",
                "SELECT 1 -- 'secret' | SELECT ?",
                "SELECT /* 'a' /* b */ 5 */ x | SELECT   x",
                "INSERT INTO t VALUES (1,'a'),(2,'b') | INSERT INTO t VALUES (?,?),(?,?)",
                "SELECT date '2026-01-01', interval'1 day' | SELECT date ?, interval?",
                "SELECT 'a\\', secret, 'b' | SELECT ?",
                "SELECT 'a\\\\', b, 'c' | SELECT ?, b, ?",
                "SELECT 'cut | SELECT ?",
                "SELECT $cut | SELECT ?",
                "SELECT E'cut\\ | SELECT ?",
                "SELECT \"cut | SELECT \"cut",
                "SELECT naïve, 'größe' | SELECT naïve, ?",
                "function call 1598 | function call ?",
            })
    void literalsAreTakenOutAndTheRestIsLeft(String text, String masked) {
        assertThat(new PostgresLiterals().mask(text).strip()).isEqualTo(masked);
    }
}
