package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tdb.local.MySqlServer;
import dev.tdb.mysql.MySqlFlavour;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The command line client, and drivers of other languages, are told the same by the proxy as by the server, where this
 * machine has them; the module's README says how to get them.
 */
interface MySqlProgramsContract {
    /** A program that works with a server. */
    enum Program {
        CLIENT,
        CLIENT_COMPRESSED,
        MYSQL2,
        MYSQL2_COMPRESSED,
        PYMYSQL;

        private static final String CLIENT_PROGRAM = System.getProperty("tdb.it.mysql", "mysql");
        private static final String PYTHON_PROGRAM = System.getProperty("tdb.it.python", "python3");
        private static final Map<String, String> NODE = Map.of(
                "NODE_PATH",
                System.getProperty("tdb.it.node.modules", System.getenv().getOrDefault("NODE_PATH", "")),
                "NODE_NO_WARNINGS",
                "1");

        void assumeIsThere() throws InterruptedException {
            switch (this) {
                case CLIENT, CLIENT_COMPRESSED ->
                    assumeThat(new DriverScript(List.of(CLIENT_PROGRAM), Map.of()).succeedsWith(List.of("--version")))
                            .as("mysql or mariadb on the PATH, or named by -Dtdb.it.mysql")
                            .isTrue();
                case MYSQL2, MYSQL2_COMPRESSED ->
                    assumeThat(new DriverScript(List.of("node"), NODE)
                                    .succeedsWith(List.of("-e", "require('mysql2/promise')")))
                            .as("node finds no mysql2: npm install mysql2, and -Dtdb.it.node.modules=<its"
                                    + " node_modules>")
                            .isTrue();
                case PYMYSQL ->
                    assumeThat(new DriverScript(List.of(PYTHON_PROGRAM), Map.of())
                                    .succeedsWith(List.of("-c", "import pymysql, cryptography")))
                            .as(
                                    "%s has no pymysql: pip install pymysql cryptography, and -Dtdb.it.python=<its"
                                            + " Python>",
                                    PYTHON_PROGRAM)
                            .isTrue();
            }
        }

        private void run(Endpoint endpoint, Transcript transcript) throws IOException, InterruptedException {
            switch (this) {
                case CLIENT -> feedClient(endpoint, transcript, "--skip-compress");
                case CLIENT_COMPRESSED -> feedClient(endpoint, transcript, "--compress");
                case MYSQL2 -> mysql2(false).run(endpoint, transcript);
                case MYSQL2_COMPRESSED -> mysql2(true).run(endpoint, transcript);
                case PYMYSQL ->
                    new DriverScript(
                                    List.of(
                                            PYTHON_PROGRAM,
                                            "-B",
                                            DriverScript.file("pymysql_steps.py")
                                                    .toString()),
                                    Map.of())
                            .run(endpoint, transcript);
            }
        }

        private static DriverScript mysql2(boolean compressed) {
            Map<String, String> environment = new java.util.HashMap<>(NODE);
            environment.put("MYSQL2_COMPRESS", Boolean.toString(compressed));
            return new DriverScript(
                    List.of("node", DriverScript.file("mysql2.cjs").toString()), environment);
        }

        /** Feeds the script to the client's standard input, step by step. */
        private static void feedClient(Endpoint endpoint, Transcript transcript, String compression)
                throws IOException, InterruptedException {
            List<String> command = List.of(
                    CLIENT_PROGRAM,
                    "--no-defaults",
                    "--host=" + endpoint.host(),
                    "--port=" + endpoint.port(),
                    "--user=" + endpoint.user(),
                    "--database=" + endpoint.database(),
                    "--default-character-set=utf8mb4",
                    "--local-infile=1",
                    "--force",
                    "--unbuffered",
                    "--table",
                    "-vv",
                    compression);
            Process process = new DriverScript(command, Map.of("MYSQL_PWD", endpoint.password())).start(endpoint);
            try (BufferedReader output = DriverScript.output(process);
                    OutputStream input = process.getOutputStream()) {
                for (List<String> step : ScriptSteps.of(Files.readAllLines(DriverScript.file("mysql-client.sql")))) {
                    transcript.step(step.getFirst());
                    String end = "end of: " + step.getFirst();
                    String lines = String.join("\n", step) + "\nsystem echo '" + end + "'\n";
                    input.write(lines.getBytes(StandardCharsets.UTF_8));
                    input.flush();
                    String line = output.readLine();
                    while (line != null && !line.equals(end)) {
                        transcript.note(line);
                        line = output.readLine();
                    }
                    assertThat(line).as(String.join("\n", transcript.lines())).isNotNull();
                }
            } finally {
                process.destroy();
            }
            process.waitFor();
        }
    }

    MySqlServer server();

    MySqlFlavour flavour();

    @ParameterizedTest
    @EnumSource
    default void aProgramIsToldTheSame(Program program) throws Exception {
        program.assumeIsThere();
        List<String> direct = directly(program);
        MySqlDataPath.prepare(server());
        try (MySqlDataPath proxy = new MySqlDataPath(flavour(), List.of(server()))) {
            Transcript transcript = new Transcript();

            program.run(
                    endpoint(proxy.address().getHostString(), proxy.address().getPort()), transcript);

            assertThat(told(transcript)).containsExactlyElementsOf(direct);
        }
    }

    @ParameterizedTest
    @EnumSource
    default void aProgramIsToldTheSameWhileItsSessionMoves(Program program) throws Exception {
        program.assumeIsThere();
        List<String> direct = directly(program);
        MySqlDataPath.prepare(server());
        try (MySqlDataPath proxy = new MySqlDataPath(flavour(), List.of(server()))) {
            Transcript transcript = new Transcript(proxy::flip);

            program.run(
                    endpoint(proxy.address().getHostString(), proxy.address().getPort()), transcript);

            assertThat(told(transcript)).containsExactlyElementsOf(direct);
            assertThat(proxy.released().moved()).isGreaterThan(10);
            assertThat(proxy.released().closedByReason()).isEqualTo(Map.of());
        }
    }

    private List<String> directly(Program program) throws Exception {
        MySqlDataPath.prepare(server());
        Transcript transcript = new Transcript();
        program.run(endpoint(server().host(), server().port()), transcript);
        assertThat(transcript.lines()).isNotEmpty();
        return told(transcript);
    }

    private static Endpoint endpoint(String host, int port) {
        return new Endpoint(
                Endpoint.MARIADB,
                host,
                port,
                MySqlDataPath.LOGIN.user(),
                MySqlDataPath.LOGIN.password().reveal(),
                MySqlDataPath.DATABASE);
    }

    /** Who is not let in is told so by both, each in its words; a server names the address, too. */
    private static List<String> told(Transcript transcript) {
        List<String> told = new ArrayList<>();
        for (String line : transcript.lines()) {
            told.add(line.replaceFirst("(Access denied|password authentication failed) for user .*", "(denied)"));
        }
        return told;
    }
}
