package dev.tdb.app.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command line that cannot be run, in two lines: what is wrong with it, and where to read how it is right. */
public final class Misuse {
    private Misuse() {}

    /** @return the exit code */
    public static int say(ParameterException fault) {
        CommandLine command = fault.getCommandLine();
        PrintWriter err = command.getErr();
        boolean named = command.getSubcommands().isEmpty() || fault instanceof UnmatchedArgumentException;
        if (named) {
            err.println("tdb: " + Terminal.safe(wrong(fault)));
            err.println("  see: " + command.getCommandSpec().qualifiedName() + " --help");
        } else {
            command.usage(err);
        }
        err.flush();
        return ExitCode.USAGE;
    }

    private static String wrong(ParameterException fault) {
        if (!(fault instanceof UnmatchedArgumentException unmatched)) {
            return lowered(String.valueOf(fault.getMessage()));
        }
        String first = unmatched.getUnmatched().getFirst();
        boolean command = !first.startsWith("-")
                && !unmatched.getCommandLine().getSubcommands().isEmpty();
        List<String> alike = unmatched.getSuggestions();
        return (command ? "there is no command '" + first + "'" : lowered(String.valueOf(fault.getMessage())))
                + (alike.isEmpty() ? "" : "; did you mean " + alike.getFirst() + "?");
    }

    private static String lowered(String sentence) {
        return sentence.isEmpty() ? sentence : Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
