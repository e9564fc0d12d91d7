package dev.tdb.proxy.toy;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Has Netty count buffers in this module's tests; JUnit finds it as a service, before Netty makes its first one. */
public final class BufferCount implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        System.setProperty("io.netty.customResourceLeakDetector", "io.netty.util.LeakPresenceDetector");
    }
}
