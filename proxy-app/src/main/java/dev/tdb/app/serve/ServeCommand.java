package dev.tdb.app.serve;

import dev.tdb.app.Assembly;
import dev.tdb.app.Protocols;
import dev.tdb.app.StartFault;
import dev.tdb.app.UntilStopped;
import dev.tdb.app.cli.CliFailure;
import dev.tdb.app.cli.ExitCode;
import dev.tdb.app.cli.HelpOption;
import dev.tdb.app.config.ConfigFault;
import dev.tdb.app.config.ConfigReader;
import dev.tdb.app.config.ServeConfig;
import dev.tdb.proxy.credential.Secret;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tdb serve}. */
@Command(name = "serve", description = "Serve as a configuration file says, until SIGTERM.")
public final class ServeCommand implements Callable<Integer> {
    @Mixin
    HelpOption help = new HelpOption();

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "See docs/tdb.example.yaml.")
    Path config = Path.of("tdb.yaml");

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Protocols protocols = new Protocols();
        try (UntilStopped until = new UntilStopped();
                Assembly assembly = Assembly.start(read(config, protocols), protocols)) {
            assembly.control().keys().makeFirstOperator(key -> show(out, key));
            out.println("tdb serves; the API is at http://" + assembly.apiAddress());
            assembly.metricsAddress().ifPresent(address -> {
                out.println("the metrics are at http://" + address + "/metrics");
            });
            out.flush();
            until.await();
        } catch (CliFailure failure) {
            throw failure;
        } catch (IOException | RuntimeException fault) {
            LoggerFactory.getLogger(ServeCommand.class)
                    .atDebug()
                    .setCause(fault)
                    .log("tdb cannot start");
            throw CliFailure.refused("tdb cannot start: " + StartFault.sentence(fault));
        }
        return ExitCode.OK;
    }

    /** The key is made only if it could be said. */
    static void show(PrintWriter out, Secret key) {
        out.println("The operator key, shown this once: " + key.reveal());
        if (out.checkError()) {
            throw CliFailure.refused(
                    "the operator key was not made: the standard output is closed, so nobody can see it");
        }
    }

    static ServeConfig read(Path file, Protocols protocols) {
        try {
            return new ConfigReader(protocols.engines()).read(file);
        } catch (ConfigFault fault) {
            throw CliFailure.usage(String.valueOf(fault.getMessage()));
        }
    }
}
