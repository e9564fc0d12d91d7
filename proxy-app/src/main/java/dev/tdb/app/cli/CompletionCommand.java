package dev.tdb.app.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tdb completion}: lets bash and zsh complete commands and options. */
@Command(name = "completion", description = "Print a completion script for bash and zsh: source <(tdb completion)")
public final class CompletionCommand implements Callable<Integer> {
    @Mixin
    HelpOption help = new HelpOption();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        root.getOut().print(AutoComplete.bash("tdb", root));
        root.getOut().flush();
        return ExitCode.OK;
    }
}
