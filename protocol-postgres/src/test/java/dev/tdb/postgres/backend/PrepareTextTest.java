package dev.tdb.postgres.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrepareTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PREPARE a AS SELECT 1|a|PREPARE a AS SELECT 1",
                "prepare A(int) as select 1;|a|prepare A(int) as select 1;",
                "; PREPARE a AS SELECT 1 ; ;|a|; PREPARE a AS SELECT 1 ; ;",
                "SELECT 1;PREPARE a AS SELECT ';' ; DROP TABLE x|a|PREPARE a AS SELECT ';' ",
                "PREPARE b AS SELECT 1;PREPARE a AS SELECT 2|a|PREPARE a AS SELECT 2",
                "PREPARE/**/\"A \"\"b\" AS SELECT 1|A \"b|PREPARE/**/\"A \"\"b\" AS SELECT 1",
                "PREPARE\"a\"AS SELECT 1|a|PREPARE\"a\"AS SELECT 1",
                "/* ; /* ; */ ; */ PREPARE a AS SELECT $x$ ; $x$|a|/* ; /* ; */ ; */ PREPARE a AS SELECT $x$ ; $x$",
                "PREPARE a AS SELECT E'\\';' ; SELECT 2|a|PREPARE a AS SELECT E'\\';' ",
                "PREPARE a AS SELECT $1 ; SELECT 2|a|PREPARE a AS SELECT $1 ",
            })
    void theOnePrepareIsFound(String text, String name, String statement) {
        assertThat(PrepareText.only(text, name).map(String::strip)).contains(statement);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DO 'EXECUTE PREPARE a'|a",
                "PREPARE ab AS SELECT 1|a",
                "PREPARE a AS SELECT 1; DEALLOCATE a; PREPARE a AS SELECT 2|a",
                "PREPAREa AS SELECT 1|a",
                "SELECT 'PREPARE a AS SELECT 1'|a",
                "``|a",
            })
    void whatCannotBeToldWithCertaintyIsNotTaken(String text, String name) {
        assertThat(PrepareText.only(text, name)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "20ms,20", "5s,5000", "2min,120000", "3h,10800000", "1d,86400000", "90000,90000", "'',-1"})
    void timesAreReadInMilliseconds(String time, long millis) {
        assertThat(DescribedRows.millis(time)).isEqualTo(millis);
    }
}
