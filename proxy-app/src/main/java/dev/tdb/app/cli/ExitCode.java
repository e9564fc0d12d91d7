package dev.tdb.app.cli;

/** What the {@code tdb} command ends with. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;
    /** The API, or the program, said no. */
    public static final int REFUSED = 1;
    /** The command line or the configuration was wrong. */
    public static final int USAGE = 2;
    /** Nothing answered at the address. */
    public static final int UNREACHABLE = 3;

    private ExitCode() {}
}
