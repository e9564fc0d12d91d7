package dev.tdb.app.dev;

import dev.tdb.app.cli.CliFailure;
import dev.tdb.proxy.route.Engine;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Which engines {@code tdb dev} starts. */
final class DevEngines {
    private static final Set<Engine> BUILT = EnumSet.of(Engine.POSTGRES, Engine.MYSQL);

    private DevEngines() {}

    /** @param words of the command line; none for all that are built */
    static Set<Engine> chosen(List<String> words) {
        Set<Engine> chosen = EnumSet.noneOf(Engine.class);
        for (String word : words) {
            Engine engine;
            try {
                engine = Engine.parse(word.strip());
            } catch (IllegalArgumentException _) {
                throw CliFailure.usage("--only '" + word + "', expected postgres, mysql, mongodb or redis");
            }
            if (!BUILT.contains(engine)) {
                throw CliFailure.usage("this build does not speak " + engine.title() + " yet: leave " + engine.word()
                        + " out of --only");
            }
            chosen.add(engine);
        }
        return chosen.isEmpty() ? BUILT : chosen;
    }
}
