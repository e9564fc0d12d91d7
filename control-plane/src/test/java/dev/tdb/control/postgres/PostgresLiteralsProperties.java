package dev.tdb.control.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.control.LocalPostgres;
import dev.tdb.local.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server says what is a literal: random texts are run, and what comes back as a value must not be in the masked text.
 * Each text is made of pieces that look like the beginnings and ends of literals, names and comments; between them
 * stand words that occur once, so that a value is known by them.
 */
class PostgresLiteralsProperties {
    private static final int TEXTS = Integer.getInteger("literals.texts", 3_000);
    private static final Pattern WORD = Pattern.compile("zq[a-z]*\\d+w");

    private static final List<String> PIECES = List.of(
            "'", "'", "'", "''", "\\", "\\'", "E'", "e'", "n'", "U&'", "$$", "$$", "$a$", "$a$", "$", "$1", "\"", "--",
            "/*", "*/", "\n", "\n", " ", ",", ",", "||", "1", "2.5", "1e5", "1$a$", "x", " as ", "(", ")", "-", "/",
            "é");

    @TempDir
    static Path directory;

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = LocalPostgres.start(directory.resolve("server"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest(name = "standard_conforming_strings = {0}")
    @ValueSource(strings = {"on", "off"})
    void noValueOfARandomTextIsInTheMaskedOne(String conforming) throws SQLException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        PostgresLiterals literals = new PostgresLiterals();
        int run = 0;
        int words = 0;
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute("SET standard_conforming_strings = " + conforming);
            statement.execute("SET escape_string_warning = off");
            for (int i = 0; i < TEXTS; i++) {
                String text = "SELECT " + (random.nextBoolean() ? soup(random) : list(random));
                Optional<List<String>> found = wordsOfValues(statement, text);
                String masked = literals.mask(text);
                for (String word : found.orElse(List.of())) {
                    assertThat(masked).as("seed %d, text %s", seed, text).doesNotContain(word);
                    words++;
                }
                run += found.isPresent() ? 1 : 0;
            }
        }
        // Else it proves nothing.
        assertThat(run).as("texts that ran, seed %d", seed).isGreaterThan(TEXTS / 10);
        assertThat(words).as("words in values, seed %d", seed).isGreaterThan(TEXTS / 10);
    }

    /** Anything: most of it is no statement. */
    private static String soup(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(8);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
            text.append(random.nextInt(3) > 0 ? "zq" + i + "w" : "");
        }
        return text.toString();
    }

    /** Literals that are whole, of whatever is within them. */
    private static String list(Random random) {
        StringBuilder text = new StringBuilder();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            String content = soup(random).replace("zq", "zq" + (char) ('a' + i));
            text.append(i == 0 ? "" : random.nextBoolean() ? ", " : " || ")
                    .append(
                            switch (random.nextInt(5)) {
                                case 0 -> "'" + content.replace("'", "''") + "'";
                                case 1 -> "E'" + content.replace("\\", "\\\\").replace("'", "\\'") + "'";
                                case 2 -> "$_$" + content.replace("$", "") + "$_$";
                                case 3 -> "$b$" + content + "$b$";
                                default ->
                                    "E'" + content.replace("'", "''") + "'\n '" + content.replace("zq", "zqz") + "'";
                            })
                    .append(random.nextInt(4) == 0 ? "/* ' */" : "")
                    .append(random.nextInt(4) == 0 ? " AS \"n'm\"" : "");
        }
        return text.toString();
    }

    /** Empty when it is no statement. */
    private static Optional<List<String>> wordsOfValues(Statement statement, String text) {
        try (ResultSet rows = statement.executeQuery(text)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    String value = rows.getString(column);
                    WORD.matcher(value == null ? "" : value)
                            .results()
                            .map(MatchResult::group)
                            .forEach(found::add);
                }
            }
            return Optional.of(found);
        } catch (SQLException _) {
            return Optional.empty();
        }
    }
}
