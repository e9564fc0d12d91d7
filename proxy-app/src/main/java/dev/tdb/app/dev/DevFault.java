package dev.tdb.app.dev;

/** {@code tdb dev} cannot go on, for a reason that a person can mend; the sentence says how. */
public final class DevFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DevFault(String sentence) {
        super(sentence, null, false, false);
    }

    public String sentence() {
        return String.valueOf(getMessage());
    }
}
