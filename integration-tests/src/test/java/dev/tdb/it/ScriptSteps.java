package dev.tdb.it;

import java.util.ArrayList;
import java.util.List;

/** The steps of a script for a command line client: each begins with a comment that says what it is. */
final class ScriptSteps {
    private static final String STEP = "-- ";

    private ScriptSteps() {}

    static List<List<String>> of(List<String> script) {
        List<List<String>> steps = new ArrayList<>();
        for (String line : script) {
            if (line.startsWith(STEP)) {
                steps.add(new ArrayList<>());
            }
            steps.getLast().add(line);
        }
        return steps;
    }
}
