package dev.tdb.app.cli;

/** A name that may be given by itself or behind an option. */
final class Name {
    private Name() {}

    /** @param what it is called in the sentence that asks for it */
    static String of(String parameter, String option, String what) {
        if (parameter.isEmpty() == option.isEmpty()) {
            throw CliFailure.usage(
                    parameter.isEmpty()
                            ? "say " + what
                            : "say " + what + " once: '" + parameter + "' or '" + option + "'");
        }
        return parameter + option;
    }
}
