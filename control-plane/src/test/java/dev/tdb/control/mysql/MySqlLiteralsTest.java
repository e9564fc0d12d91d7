package dev.tdb.control.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MySqlLiteralsTest {
    private final MySqlLiterals literals = new MySqlLiterals();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT * FROM t1 WHERE n = 42 | SELECT * FROM t1 WHERE n = ?",
                "SELECT 'a''b', \"c\"\"d\", `e``f`, ? | SELECT ?, ?, `e``f`, ?",
                "SELECT 'a\\\\', n | SELECT ?, n",
                "SELECT 'it\\'s' AS secret | SELECT ?",
                "SELECT x'00ff', b'01', n'x', _utf8mb4'y', 0xFF, 1.5e-7, .5 | SELECT ?, ?, ?, ?, ?, ?, ?",
                "SELECT @mine, @@sql_mode, a-1, a--1 | SELECT @mine, @@sql_mode, a-?, a--?",
                "SELECT 1 -- my secret | SELECT ?",
                "SELECT 1 # my secret | SELECT ?",
                "SELECT /* my secret */ n FROM t | SELECT   n FROM t",
                "SELECT /*!50000 'my' */ n | SELECT /*!50000 ? */ n",
                "INSERT INTO t VALUES ('a', 1), ('b', 2) | INSERT INTO t VALUES (?, ?), (?, ?)"
            })
    void valuesGoAndTheRestStays(String text, String masked) {
        assertThat(literals.mask(text).strip()).isEqualTo(masked.strip());
    }

    @Test
    void aTextThatIsCutAnywhereShowsNoValue() {
        String text =
                "INSERT INTO t (a, b) VALUES ('zq1', \"zq2\"), (_latin1'zq3', x'aa') /* zq4 */ -- zq5\n, ('\\'zq6')";
        for (int cut = 0; cut <= text.length(); cut++) {
            assertThat(literals.mask(text.substring(0, cut)))
                    .doesNotContain("zq")
                    .doesNotContain("aa");
        }
    }
}
