package dev.tdb.app.dev;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks at ports before anything is started, so that a taken one is said with the option that changes it. */
final class DevPorts {
    private DevPorts() {}

    /**
     * @param wanted 0 for any free one
     * @param option what changes it
     * @return {@code wanted}, or the free one
     * @throws DevFault when it is taken
     */
    static int free(int wanted, String what, String option) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            return probe.getLocalPort();
        } catch (IOException _) {
            throw new DevFault("port " + wanted + " for " + what
                    + " is taken: stop what uses it, or choose another with " + option + " PORT (0 for any free one)");
        }
    }
}
