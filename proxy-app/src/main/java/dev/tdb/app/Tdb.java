package dev.tdb.app;

import dev.tdb.app.cli.BlueprintCommands;
import dev.tdb.app.cli.CliFailure;
import dev.tdb.app.cli.CompletionCommand;
import dev.tdb.app.cli.DeploymentCommands;
import dev.tdb.app.cli.EventsCommand;
import dev.tdb.app.cli.ExitCode;
import dev.tdb.app.cli.HealthCommand;
import dev.tdb.app.cli.HelpOption;
import dev.tdb.app.cli.HostCommands;
import dev.tdb.app.cli.KeyCommands;
import dev.tdb.app.cli.Misuse;
import dev.tdb.app.cli.OperationCommands;
import dev.tdb.app.cli.ProjectCommands;
import dev.tdb.app.cli.QueryCommand;
import dev.tdb.app.cli.RouteCommands;
import dev.tdb.app.cli.SessionCommands;
import dev.tdb.app.cli.SystemCommands;
import dev.tdb.app.cli.TenantCommands;
import dev.tdb.app.cli.Terminal;
import dev.tdb.app.cli.VersionCommands;
import dev.tdb.app.dev.DevCommand;
import dev.tdb.app.serve.ConfigCommand;
import dev.tdb.app.serve.SecretCommands;
import dev.tdb.app.serve.ServeCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program {@code tdb}. */
@Command(
        name = "tdb",
        mixinStandardHelpOptions = true,
        versionProvider = Tdb.VersionText.class,
        description = "A database proxy with tenant routing, and its control plane.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DevCommand.class,
            ServeCommand.class,
            ConfigCommand.class,
            SecretCommands.class,
            HealthCommand.class,
            ProjectCommands.class,
            KeyCommands.class,
            BlueprintCommands.class,
            VersionCommands.class,
            DeploymentCommands.class,
            TenantCommands.class,
            QueryCommand.class,
            TenantCommands.Logs.class,
            RouteCommands.class,
            SessionCommands.class,
            HostCommands.class,
            OperationCommands.class,
            EventsCommand.class,
            SystemCommands.Regions.class,
            SystemCommands.Errors.class,
            SystemCommands.Metrics.class,
            SystemCommands.Contract.class,
            Tdb.PrintVersion.class,
            CompletionCommand.class
        },
        footer = {
            "",
            "The API is found by --url and --key, by TDB_URL and TDB_KEY, in .tdb/dev.json here or above, or in"
                    + " ~/.config/tdb/config.yaml, in this order. A key that stands beside a URL goes to that URL only;"
                    + " tdb config show tells what is used here.",
            "",
            "Commands end with 0 when it was done, 1 when it was refused, 2 when the command line or a file was wrong,"
                    + " 3 when nothing answered."
        })
public final class Tdb {
    private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

    /** {@code tdb --version}. */
    static final class VersionText implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"tdb " + Version.current() + " on Java " + Runtime.version()};
        }
    }

    /** {@code tdb version}. */
    @Command(name = "version", description = "Print the version of tdb.")
    static final class PrintVersion implements Callable<Integer> {
        @Mixin
        HelpOption help = new HelpOption();

        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            spec.root().commandLine().printVersionHelp(spec.root().commandLine().getOut());
            return ExitCode.OK;
        }
    }

    public static void main(String[] arguments) {
        watchNoBuffers();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, arguments));
    }

    /**
     * By default Netty watches one buffer in 128 for leaks, and takes a stack trace of each. Tests watch all of them; a
     * program at work does not pay for it unless {@code -Dio.netty.leakDetection.level} says so.
     */
    private static void watchNoBuffers() {
        if (System.getProperty(LEAK_DETECTION) == null) {
            System.setProperty(LEAK_DETECTION, "disabled");
        }
    }

    /** @return the exit code */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine line = new CommandLine(new Tdb())
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((fault, _) -> Misuse.say(fault))
                .setExecutionExceptionHandler((fault, at, _) -> failed(fault, at));
        return line.execute(arguments);
    }

    private static boolean isDebugged(@Nullable String level) {
        return level != null && List.of("DEBUG", "TRACE").contains(level.toUpperCase(Locale.ROOT));
    }

    private static int failed(Exception fault, CommandLine line) {
        PrintWriter err = line.getErr();
        if (fault instanceof CliFailure failure) {
            err.println("tdb: " + Terminal.safe(failure.sentence()));
            err.flush();
            return failure.exitCode();
        }
        err.println("tdb: a fault of tdb: " + Terminal.safe(String.valueOf(fault)));
        if (isDebugged(System.getenv("TDB_LOG"))) {
            fault.printStackTrace(err);
        } else {
            err.println("  TDB_LOG=DEBUG shows where it comes from");
        }
        err.flush();
        return ExitCode.REFUSED;
    }
}
