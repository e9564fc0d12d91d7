package dev.tdb.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel of this machine waits for on its TCP connections.
 *
 * @see <a href="https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html">proc_net_tcp</a>
 */
final class KernelTimers {
    private static final String PROBE = "02";
    private static final int TICKS_PER_SECOND = 100;

    private KernelTimers() {}

    /** When the end of a connection that has {@code port} will ask the other end whether it is still there. */
    static Optional<Duration> untilProbe(int port, int peerPort) throws IOException {
        for (Path table : List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"))) {
            for (String line : Files.exists(table) ? Files.readAllLines(table) : List.<String>of()) {
                String[] columns = line.strip().split("\\s+", -1);
                if (!columns[0].equals("sl") && port(columns[1]) == port && port(columns[2]) == peerPort) {
                    String[] timer = columns[5].split(":", 2);
                    long ticks = Long.parseLong(timer[1], 16);
                    return timer[0].equals(PROBE)
                            ? Optional.of(Duration.ofSeconds(ticks / TICKS_PER_SECOND))
                            : Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }
}
