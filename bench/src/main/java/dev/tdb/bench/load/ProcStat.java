package dev.tdb.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says of a process in {@code /proc}. */
final class ProcStat {
    /** USER_HZ, which has been 100 on every Linux that the JVM runs on. */
    private static final double TICKS_PER_SECOND = 100;

    private ProcStat() {}

    /** CPU seconds of all threads, ended ones included. */
    record Cpu(double user, double system) {
        Cpu since(Cpu before) {
            return new Cpu(user - before.user, system - before.system);
        }
    }

    static Cpu cpu(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        // Behind the name, which may hold anything: state is field 3, utime 14, stime 15.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return new Cpu(Long.parseLong(fields[11]) / TICKS_PER_SECOND, Long.parseLong(fields[12]) / TICKS_PER_SECOND);
    }

    /** Resident bytes. */
    static long rss(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("process " + pid + " has no VmRSS");
    }
}
