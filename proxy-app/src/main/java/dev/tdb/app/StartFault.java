package dev.tdb.app;

import dev.tdb.control.ControlException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;

/** Why the program cannot start, in a sentence for the person who starts it. */
public final class StartFault {
    private StartFault() {}

    public static String sentence(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null && !isSentence(root)) {
            root = root.getCause();
        }
        return switch (root) {
            case NoSuchFileException missing -> "there is no " + missing.getFile();
            case AccessDeniedException denied -> "access to " + denied.getFile() + " is denied";
            case FileSystemException file -> file.getFile() + ": " + file.getReason();
            case SQLException database -> "the control database cannot be used: " + firstLine(database);
            default -> firstLine(root);
        };
    }

    /** Whether it says more than what lies below it. */
    private static boolean isSentence(Throwable fault) {
        return fault instanceof SQLException
                || fault instanceof ControlException
                || fault.getClass() == IOException.class;
    }

    private static String firstLine(Throwable fault) {
        String message = fault.getMessage();
        return message == null || message.isBlank()
                ? fault.getClass().getSimpleName()
                : message.strip().lines().findFirst().orElse("");
    }
}
