package dev.tdb.app.cli;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Asks again and again until something has ended, with one line for people that says how far it is. */
final class Watch {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    @Option(names = "--watch", description = "Wait until it has ended; ends with 1 when it did not succeed.")
    boolean wanted;

    /**
     * @param ask for the newest reply
     * @param runs whether it is still under way
     * @param progress what to say of it
     * @return the last reply; the first one when nobody wants to watch
     */
    JsonNode until(Output out, Supplier<JsonNode> ask, Predicate<JsonNode> runs, Function<JsonNode, String> progress) {
        JsonNode reply = ask.get();
        while (wanted && runs.test(reply)) {
            out.progress(progress.apply(reply));
            pause();
            reply = ask.get();
        }
        out.endProgress();
        return reply;
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw CliFailure.unreachable("interrupted; what was begun goes on");
        }
    }
}
