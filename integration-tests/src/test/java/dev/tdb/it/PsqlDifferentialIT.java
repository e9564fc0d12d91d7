package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tdb.it.Differential.Ground;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** psql prints the same, byte for byte, whether it talks with the proxy or with the server. */
@ExtendWith(OneDifferential.class)
final class PsqlDifferentialIT {
    private static final String PROGRAM = System.getProperty("tdb.it.psql", "psql");
    private static final DriverScript PSQL = new DriverScript(List.of(PROGRAM, "-X", "-w"), Map.of());
    private static final int PIPELINES_SINCE = 18;

    private static Differential differential;

    @BeforeAll
    static void take(Differential shared) {
        differential = shared;
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void statementsCopiesAndDescriptions(Ground ground) throws Exception {
        assumeThat(PSQL.succeedsWith(List.of("--version")))
                .as("psql on the PATH")
                .isTrue();

        compare(ground, "psql.sql");
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void pipelines(Ground ground) throws Exception {
        assumeThat(PSQL.succeedsWith(List.of("--version")))
                .as("psql on the PATH")
                .isTrue();
        assumeThat(version())
                .as("the version of psql, which has pipelines since %d", PIPELINES_SINCE)
                .isGreaterThanOrEqualTo(PIPELINES_SINCE);

        compare(ground, "psql-pipeline.sql");
    }

    private static int version() throws IOException {
        Process process = new ProcessBuilder(PROGRAM, "--version").start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = Pattern.compile("\\d+").matcher(said);
        assertThat(matcher.find()).as(said).isTrue();
        return Integer.parseInt(matcher.group());
    }

    private static void compare(Ground ground, String file) throws Exception {
        List<String> script = Files.readAllLines(DriverScript.file(file));
        // The descriptions of tables ask the catalog for the numbers of new objects, so that the wire differs.
        differential.compareTold(ground, (endpoint, transcript) -> run(script, endpoint, transcript));
    }

    /** Feeds {@code script} to psql's standard input, step by step. */
    private static void run(List<String> script, Endpoint endpoint, Transcript transcript) throws Exception {
        Process process = PSQL.start(endpoint);
        try (BufferedReader output = DriverScript.output(process);
                OutputStream input = process.getOutputStream()) {
            for (List<String> step : ScriptSteps.of(script)) {
                transcript.step(step.getFirst());
                String end = "end of: " + step.getFirst();
                input.write((String.join("\n", step) + "\n\\echo " + end + "\n").getBytes(StandardCharsets.UTF_8));
                input.flush();
                String line = output.readLine();
                while (line != null && !line.equals(end)) {
                    transcript.note(line);
                    line = output.readLine();
                }
                assertThat(line).as(String.join("\n", transcript.lines())).isNotNull();
            }
            input.write("\\q\n".getBytes(StandardCharsets.UTF_8));
            input.flush();
            assertThat(output.readLine()).isNull();
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor()).isZero();
    }
}
