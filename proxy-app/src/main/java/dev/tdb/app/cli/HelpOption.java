package dev.tdb.app.cli;

import picocli.CommandLine.Option;

/** What every command answers; without {@code --version}, which some commands need for versions of blueprints. */
public final class HelpOption {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean wanted;
}
