package dev.tdb.app.dev;

import dev.tdb.app.StartFault;
import dev.tdb.app.UntilStopped;
import dev.tdb.app.cli.CliFailure;
import dev.tdb.app.cli.ExitCode;
import dev.tdb.app.cli.HelpOption;
import dev.tdb.proxy.route.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tdb dev}. */
@Command(
        name = "dev",
        description = {
            "Start everything on this machine: real servers, the proxy, the API and a demo.",
            "Runs until Ctrl-C. State is kept in .tdb; its dev.json tells scripts how to connect."
        })
public final class DevCommand implements Callable<Integer> {
    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where to keep everything (default: ${DEFAULT-VALUE}).")
    Path state = Path.of(".tdb");

    @Option(names = "--reset", description = "Remove the old state first.")
    boolean reset;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "ENGINE",
            description = "Only these, of: postgres, mysql, mongodb, redis (default: all that are built so far).")
    List<String> only = new ArrayList<>();

    @Option(
            names = "--port-postgres",
            paramLabel = "PORT",
            description = "For PostgreSQL clients (default: ${DEFAULT-VALUE}).")
    int postgresPort = 15432;

    @Option(
            names = "--port-mysql",
            paramLabel = "PORT",
            description = "For clients of MySQL and MariaDB (default: ${DEFAULT-VALUE}).")
    int mysqlPort = 13306;

    @Option(names = "--port-api", paramLabel = "PORT", description = "For the API (default: ${DEFAULT-VALUE}).")
    int apiPort = 8480;

    @Option(
            names = "--postgres-bin",
            paramLabel = "DIR|path",
            description =
                    "An installed PostgreSQL's programs, or the word path, instead of the one that comes with tdb.")
    String postgresPrograms = "";

    @Option(
            names = "--mysql-bin",
            paramLabel = "DIR",
            description = "The folder above the bin of an installed MariaDB or MySQL, instead of the MariaDB that comes"
                    + " with tdb.")
    String mysqlPrograms = "";

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        Path folder = state.toAbsolutePath().normalize();
        // Before anything logs: what goes wrong is said here, everything else goes to the file.
        System.setProperty("logback.configurationFile", "logback-dev.xml");
        System.setProperty("tdb.log", folder.resolve("tdb.log").toString());
        PrintWriter out = spec.commandLine().getOut();
        long started = System.nanoTime();
        DevOptions options = new DevOptions(folder, reset, engines(), port(apiPort));
        try (UntilStopped until = new UntilStopped()) {
            try (DevEnvironment environment = DevEnvironment.start(options, step -> say(out, "  " + step))) {
                DevGreeting.lines(environment.facts(), folder).forEach(line -> say(out, line));
                say(out, String.format(Locale.ROOT, "(started in %.1f s)", (System.nanoTime() - started) / 1e9));
                until.await();
                say(out, "stopping");
            }
            ClassArchive.write();
        } catch (DevFault fault) {
            throw CliFailure.refused(fault.sentence());
        } catch (CliFailure failure) {
            throw failure;
        } catch (IOException | RuntimeException fault) {
            LoggerFactory.getLogger(DevCommand.class).atDebug().setCause(fault).log("tdb dev cannot start");
            throw CliFailure.refused("tdb dev cannot start: " + StartFault.sentence(fault) + "\n  more is in "
                    + folder.resolve("tdb.log"));
        }
        return ExitCode.OK;
    }

    private List<DevEngine> engines() {
        Set<Engine> chosen = DevEngines.chosen(only);
        return Stream.of(
                        new DevEngine(Engine.POSTGRES, port(postgresPort), postgresPrograms),
                        new DevEngine(Engine.MYSQL, port(mysqlPort), mysqlPrograms))
                .filter(engine -> chosen.contains(engine.engine()))
                .toList();
    }

    private static int port(int port) {
        if (port < 0 || port > 65535) {
            throw CliFailure.usage("port " + port + ", expected 0 to 65535");
        }
        return port;
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
