package dev.tdb.it;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tdb.it.Differential.Ground;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The drivers of Node.js and Python are told the same by the proxy as by the server, where this machine has them; the
 * module's README says how to get them.
 */
@ExtendWith(OneDifferential.class)
final class OtherDriversDifferentialIT {
    /** The folder that node-postgres is installed in. */
    private static final String NODE_MODULES = "tdb.it.node.modules";
    /** The Python that has the drivers. */
    private static final String PYTHON = "tdb.it.python";

    private static Differential differential;

    @BeforeAll
    static void take(Differential shared) {
        differential = shared;
    }

    @ParameterizedTest
    @CsvSource({
        "psycopg, STILL",
        "psycopg, MOVING",
        "psycopg2, STILL",
        "psycopg2, MOVING",
        "asyncpg, STILL",
        "asyncpg, MOVING",
    })
    void python(String module, Ground ground) throws Exception {
        String python = System.getProperty(PYTHON, "python3");
        assumeThat(new DriverScript(List.of(python), Map.of()).succeedsWith(List.of("-c", "import " + module)))
                .as(
                        "%s has no %s: pip install 'psycopg[binary]' psycopg2-binary asyncpg, and -D%s=<its Python>",
                        python, module, PYTHON)
                .isTrue();

        String file = DriverScript.file(module + "_steps.py").toString();
        DriverScript script = new DriverScript(List.of(python, "-B", file), Map.of());
        if (module.equals("asyncpg")) {
            // It asks the catalog, in binary, for the numbers of new types; and what it gives up it both fails and
            // cancels,
            // without waiting for which comes first. So the wire is its own affair.
            differential.compareTold(ground, script::run);
        } else {
            differential.compare(ground, script::run);
        }
    }

    @ParameterizedTest
    @EnumSource(Ground.class)
    void node(Ground ground) throws Exception {
        String modules = System.getProperty(NODE_MODULES, System.getenv().getOrDefault("NODE_PATH", ""));
        Map<String, String> environment = Map.of("NODE_PATH", modules, "NODE_NO_WARNINGS", "1");
        String needed = "['pg', 'pg-cursor', 'pg-query-stream', 'pg-copy-streams'].forEach(require)";
        assumeThat(new DriverScript(List.of("node"), environment).succeedsWith(List.of("-e", needed)))
                .as(
                        "node finds no node-postgres: npm install pg pg-cursor pg-query-stream pg-copy-streams, and"
                                + " -D%s=<its node_modules>",
                        NODE_MODULES)
                .isTrue();

        String file = DriverScript.file("node-postgres.cjs").toString();
        differential.compare(ground, new DriverScript(List.of("node", file), environment)::run);
    }
}
