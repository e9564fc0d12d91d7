package dev.tdb.app.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration file cannot be used: all of its mistakes at once. */
public final class ConfigFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    ConfigFault(String file, List<Mistake> mistakes) {
        super(told(file, mistakes), null, false, false);
        this.mistakes = List.copyOf(mistakes);
    }

    private static String told(String file, List<Mistake> mistakes) {
        String head = file + " has " + (mistakes.size() == 1 ? "a mistake" : mistakes.size() + " mistakes") + ":\n";
        return mistakes.stream().map(mistake -> "  " + mistake).collect(Collectors.joining("\n", head, ""));
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }
}
