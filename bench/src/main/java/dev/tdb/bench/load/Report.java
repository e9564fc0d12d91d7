package dev.tdb.bench.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/** Figures as Markdown tables, on the screen as they come, and in a file. */
final class Report {
    private final PrintStream out;
    private final Path file;
    private final String peer;

    /** @param peer the way that ratios are taken to, besides the straight one and HAProxy */
    Report(PrintStream out, Path file, String peer) {
        this.out = out;
        this.file = file;
        this.peer = peer;
    }

    void line(String text) throws IOException {
        out.println(text);
        out.flush();
        Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void heading(String unit) throws IOException {
        line("");
        line("| load | via | " + unit + "/s | ÷direct | ÷" + peer
                + " | ÷haproxy | p50 µs | p99 µs | added p50 | ÷haproxy's" + " | CPU µs/" + unit + " (user+sys) | ÷"
                + peer + " | ÷haproxy |");
        line("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    }

    void rows(Load load, List<Way> ways, Rounds rounds) throws IOException {
        for (Way way : ways) {
            line(row(load.name(), way.name(), rounds));
        }
    }

    private String row(String load, String way, Rounds rounds) {
        String cpu = way.equals(Way.DIRECT)
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%.1f (%.1f+%.1f)",
                        rounds.median(way, Sample::cpuMicros),
                        rounds.median(way, Sample::userMicros),
                        rounds.median(way, Sample::systemMicros));
        return "| " + load + " | " + way + " | "
                + count(rounds.median(way, s -> s.outcome().perSecond()))
                + " | " + ratio(rounds.ratio(way, Way.DIRECT, s -> s.outcome().perSecond()))
                + " | "
                + ratio(rounds.ratio(way, peer, s -> s.outcome().perSecond()))
                + " | " + ratio(rounds.ratio(way, Way.HAPROXY, s -> s.outcome().perSecond()))
                + " | " + count(rounds.median(way, s -> s.outcome().p50Micros()))
                + " | " + count(rounds.median(way, s -> s.outcome().p99Micros()))
                + " | " + count(rounds.added(way, s -> s.outcome().p50Micros()))
                + " | "
                + ratio(rounds.addedRatio(way, Way.HAPROXY, s -> s.outcome().p50Micros()))
                + " | " + cpu
                + " | " + ratio(rounds.ratio(way, peer, Sample::cpuMicros))
                + " | " + ratio(rounds.ratio(way, Way.HAPROXY, Sample::cpuMicros)) + " |";
    }

    private static String count(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.0f", value);
    }

    private static String ratio(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.2f", value);
    }
}
