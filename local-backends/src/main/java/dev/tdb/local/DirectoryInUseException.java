package dev.tdb.local;

import java.nio.file.Path;

/** A living process, this one or another, runs a server on the directory; it is left alone. */
public final class DirectoryInUseException extends LocalServerException {
    private static final long serialVersionUID = 1;

    DirectoryInUseException(Path directory, String owner) {
        super(directory + " is in use by " + owner + "; stop it or choose another directory");
    }
}
