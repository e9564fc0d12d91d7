package dev.tdb.app.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A command ends without success: with a sentence for people, and an exit code for scripts. */
public final class CliFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final transient Optional<JsonNode> reply;

    private CliFailure(int exitCode, String sentence, Optional<JsonNode> reply) {
        super(sentence, null, false, false);
        this.exitCode = exitCode;
        this.reply = reply;
    }

    public static CliFailure usage(String sentence) {
        return new CliFailure(ExitCode.USAGE, sentence, Optional.empty());
    }

    /** A file that was named and cannot be read. */
    public static CliFailure unreadable(Path file, IOException fault) {
        return usage(
                switch (fault) {
                    case NoSuchFileException _ -> "there is no file " + file;
                    case AccessDeniedException _ -> "access to " + file + " is denied";
                    case CharacterCodingException _ -> file + " is not text in UTF-8";
                    default -> file + " cannot be read: " + fault.getMessage();
                });
    }

    public static CliFailure unreachable(String sentence) {
        return new CliFailure(ExitCode.UNREACHABLE, sentence, Optional.empty());
    }

    public static CliFailure refused(String sentence) {
        return new CliFailure(ExitCode.REFUSED, sentence, Optional.empty());
    }

    /** The API said no; {@code reply} is its whole answer. */
    public static CliFailure refused(String sentence, JsonNode reply) {
        return new CliFailure(ExitCode.REFUSED, sentence, Optional.of(reply));
    }

    public int exitCode() {
        return exitCode;
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }

    public Optional<JsonNode> reply() {
        return reply;
    }
}
