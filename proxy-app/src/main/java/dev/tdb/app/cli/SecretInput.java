package dev.tdb.app.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/** A secret that is asked for: without an echo on a terminal, as a line of standard input otherwise. */
final class SecretInput {
    private SecretInput() {}

    static String read(String question) {
        Optional<Console> terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal);
        if (terminal.isPresent()) {
            char[] typed = terminal.get().readPassword("%s", question);
            return typed == null ? "" : new String(typed);
        }
        try {
            var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            return Objects.requireNonNullElse(lines.readLine(), "").strip();
        } catch (IOException fault) {
            throw CliFailure.usage("standard input cannot be read: " + fault.getMessage());
        }
    }
}
