package dev.tdb.app.config;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration file cannot be used: all of its mistakes at once, as they follow each other in it. */
public final class ConfigFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    private ConfigFault(List<Mistake> mistakes, String message) {
        super(message, null, false, false);
        this.mistakes = List.copyOf(mistakes);
    }

    /** @param found in any order; what was found twice is one mistake */
    static ConfigFault of(String file, List<Mistake> found) {
        List<Mistake> mistakes = found.stream()
                .distinct()
                .sorted(Comparator.comparingInt(Mistake::line))
                .toList();
        return new ConfigFault(mistakes, told(file, mistakes));
    }

    private static String told(String file, List<Mistake> mistakes) {
        String head = file + " has " + (mistakes.size() == 1 ? "a mistake" : mistakes.size() + " mistakes") + ":\n";
        return mistakes.stream().map(mistake -> "  " + mistake).collect(Collectors.joining("\n", head, ""));
    }

    public List<Mistake> mistakes() {
        return mistakes;
    }
}
