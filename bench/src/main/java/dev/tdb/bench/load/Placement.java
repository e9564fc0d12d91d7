package dev.tdb.bench.load;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Which CPUs server, relays and clients run on, all of them the same. */
enum Placement {
    /** One CPU: throughput is total CPU, and nothing is moved about or woken elsewhere. The figures that repeat. */
    PINNED,
    /** All CPUs. */
    FREE;

    String word() {
        return this == PINNED ? "pinned" : "free";
    }

    /** As taskset takes it: the last CPU, or all. */
    String cpus() {
        int last = Runtime.getRuntime().availableProcessors() - 1;
        return this == PINNED ? Integer.toString(last) : "0-" + last;
    }

    static boolean isPossible() {
        return Program.find("taskset").isPresent();
    }

    /** The start of a command line that runs what follows there. */
    List<String> prefix() {
        return isPossible() ? List.of("taskset", "-c", cpus()) : List.of();
    }

    /** Moves running processes there, with their children. */
    void move(List<Long> pids) throws IOException, InterruptedException {
        if (!isPossible()) {
            return;
        }
        List<Long> all = pids.stream()
                .flatMap(pid -> Stream.concat(
                        Stream.of(pid),
                        ProcessHandle.of(pid).stream()
                                .flatMap(ProcessHandle::descendants)
                                .map(ProcessHandle::pid)))
                .toList();
        for (long pid : all) {
            if (ProcessHandle.of(pid).isPresent()) {
                Program.run(List.of("taskset", "-a", "-c", "-p", cpus(), Long.toString(pid)));
            }
        }
    }
}
