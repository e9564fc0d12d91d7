package dev.tdb.app.serve;

import dev.tdb.admin.http.Spans;
import dev.tdb.app.cli.CliFailure;
import dev.tdb.app.cli.ExitCode;
import dev.tdb.app.cli.HelpOption;
import dev.tdb.app.config.ServeConfig;
import dev.tdb.control.ControlException;
import dev.tdb.control.plane.OperatorKeys;
import dev.tdb.control.plane.SecretRotation;
import dev.tdb.control.secret.EncryptionKeys;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tdb secrets}: works on the files and the control database of a configuration, not over the API. */
@Command(
        name = "secrets",
        description = "The keys that encrypt what tdb keeps, and the operator's key.",
        subcommands = {SecretCommands.NewKey.class, SecretCommands.Rotate.class, SecretCommands.OperatorKey.class})
public final class SecretCommands {
    @Mixin
    HelpOption help = new HelpOption();

    /** {@code tdb secrets new-key}. */
    @Command(name = "new-key", description = "Put a new key before the others; the old ones go on decrypting.")
    static final class NewKey implements Callable<Integer> {
        @Mixin
        HelpOption help = new HelpOption();

        @Mixin
        ConfigOption config = new ConfigOption();

        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            ServeConfig settings = config.read();
            if (System.getenv(EncryptionKeys.VARIABLE) != null) {
                throw CliFailure.usage("the keys come from " + EncryptionKeys.VARIABLE
                        + ": put a new id=hex entry before the others there, for example id=$(openssl rand -hex 32)");
            }
            try {
                String id = EncryptionKeys.addTo(settings.keyFile());
                print(
                        spec,
                        "Key " + id + " is the first of " + settings.keyFile()
                                + " now. Restart tdb so that it knows it," + " then run tdb secrets rotate --config "
                                + config.file);
                return ExitCode.OK;
            } catch (UncheckedIOException | IllegalArgumentException e) {
                throw CliFailure.refused(String.valueOf(e.getMessage()));
            }
        }
    }

    /** {@code tdb secrets rotate}. */
    @Command(name = "rotate", description = "Encrypt everything with the first key, so that the others can go.")
    static final class Rotate implements Callable<Integer> {
        @Mixin
        HelpOption help = new HelpOption();

        @Mixin
        ConfigOption config = new ConfigOption();

        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            ServeConfig settings = config.read();
            try {
                SecretRotation.Result result = SecretRotation.run(settings.store(), settings.keyFile());
                print(
                        spec,
                        result.renewed() + " secrets are encrypted anew with key " + result.keyId() + ", "
                                + result.kept()
                                + " were already. No other key is needed any more, but for backups of before");
                return ExitCode.OK;
            } catch (UncheckedIOException | IllegalArgumentException | IllegalStateException | ControlException e) {
                throw CliFailure.refused("nothing was changed: " + e.getMessage());
            }
        }
    }

    /** {@code tdb secrets operator-key}. */
    @Command(
            name = "operator-key",
            description = "Make a new operator's key and show it once; a tdb that runs knows it at once.")
    static final class OperatorKey implements Callable<Integer> {
        @Mixin
        HelpOption help = new HelpOption();

        @Mixin
        ConfigOption config = new ConfigOption();

        @Option(
                names = "--overlap",
                paramLabel = "TIME",
                description = "How long the old ones work, such as 1h; 0s ends them at once.")
        String overlap = "1h";

        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            Duration kept = Spans.parse(overlap)
                    .orElseThrow(
                            () -> CliFailure.usage("--overlap is \"" + overlap + "\", expected a duration such as 1h"));
            ServeConfig settings = config.read();
            try {
                OperatorKeys.rotate(
                        settings.store(),
                        kept,
                        key -> ServeCommand.show(spec.commandLine().getOut(), key));
                return ExitCode.OK;
            } catch (ControlException e) {
                throw CliFailure.refused("the operator's key is what it was: " + e.getMessage());
            }
        }
    }

    private static void print(CommandSpec spec, String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
