package dev.tdb.app.serve;

import dev.tdb.app.Protocols;
import dev.tdb.app.cli.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tdb config}. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Configuration files of tdb serve.",
        subcommands = ConfigCommand.Check.class)
public final class ConfigCommand {
    /** {@code tdb config check}. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Say everything that is wrong with a file; start nothing.")
    static final class Check implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", description = "Such as tdb.yaml.")
        Path file = Path.of("tdb.yaml");

        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            ServeCommand.read(file, new Protocols());
            spec.commandLine().getOut().println(file + " is good");
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        }
    }
}
