package dev.tdb.app.serve;

import dev.tdb.app.Protocols;
import dev.tdb.app.cli.ExitCode;
import dev.tdb.app.cli.HelpOption;
import dev.tdb.app.cli.OwnSettings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tdb config}. */
@Command(
        name = "config",
        description = "Your own settings of this command, and configuration files of tdb serve.",
        subcommands = {OwnSettings.Show.class, OwnSettings.Set.class, ConfigCommand.Check.class})
public final class ConfigCommand {
    @Mixin
    HelpOption help = new HelpOption();

    /** {@code tdb config check}. */
    @Command(name = "check", description = "Say everything that is wrong with a file of tdb serve; start nothing.")
    static final class Check implements Callable<Integer> {
        @Mixin
        HelpOption help = new HelpOption();

        @Parameters(paramLabel = "FILE", arity = "0..1", description = "Such as tdb.yaml (default: tdb.yaml).")
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
