package dev.tdb.app.serve;

import dev.tdb.app.Protocols;
import dev.tdb.app.config.ServeConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The configuration that a command works on beside {@code tdb serve}. */
final class ConfigOption {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "That of tdb serve.")
    Path file = Path.of("tdb.yaml");

    ServeConfig read() {
        return ServeCommand.read(file, new Protocols());
    }
}
