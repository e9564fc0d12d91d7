package dev.tdb.bench.load;

import dev.tdb.bench.load.ProcStat.Cpu;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One load on all ways, several times, in one run: forward, backward, forward, so that a machine that slows down or
 * warms up is unjust to nobody. Ratios are taken within a round; what is reported is their median.
 */
final class Rounds {
    private final List<Map<String, Sample>> rounds;

    private Rounds(List<Map<String, Sample>> rounds) {
        this.rounds = rounds;
    }

    static Rounds measure(Load load, List<Way> ways, int rounds, int seconds) throws IOException, InterruptedException {
        List<Map<String, Sample>> all = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Map<String, Sample> samples = new LinkedHashMap<>();
            for (Way way : round % 2 == 0 ? ways : ways.reversed()) {
                samples.put(way.name(), sample(load, way, seconds));
            }
            all.add(samples);
        }
        return new Rounds(all);
    }

    private static Sample sample(Load load, Way way, int seconds) throws IOException, InterruptedException {
        if (way.isDirect()) {
            return new Sample(load.run(way, seconds), Double.NaN, Double.NaN);
        }
        long pid = way.relayPid().getAsLong();
        Cpu before = ProcStat.cpu(pid);
        Outcome outcome = load.run(way, seconds);
        Cpu used = ProcStat.cpu(pid).since(before);
        return new Sample(outcome, used.user() * 1e6 / outcome.count(), used.system() * 1e6 / outcome.count());
    }

    /** The median of a figure; NaN when the way has none. */
    double median(String way, ToDoubleFunction<Sample> figure) {
        return median(rounds.stream()
                .mapToDouble(round -> figure(round.get(way), figure))
                .toArray());
    }

    /** The median of the rounds' ratios of a figure; NaN when one of the two is not there. */
    double ratio(String way, String to, ToDoubleFunction<Sample> figure) {
        return median(rounds.stream()
                .mapToDouble(round -> figure(round.get(way), figure) / figure(round.get(to), figure))
                .toArray());
    }

    /** The median of what the way adds to the figure of the straight way. */
    double added(String way, ToDoubleFunction<Sample> figure) {
        return median(rounds.stream()
                .mapToDouble(round -> figure(round.get(way), figure) - figure(round.get(Way.DIRECT), figure))
                .toArray());
    }

    /** The median of the rounds' ratios of what two ways add. */
    double addedRatio(String way, String to, ToDoubleFunction<Sample> figure) {
        return median(rounds.stream()
                .mapToDouble(round -> {
                    double direct = figure(round.get(Way.DIRECT), figure);
                    return (figure(round.get(way), figure) - direct) / (figure(round.get(to), figure) - direct);
                })
                .toArray());
    }

    private static double figure(@Nullable Sample sample, ToDoubleFunction<Sample> figure) {
        return sample == null ? Double.NaN : figure.applyAsDouble(sample);
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
