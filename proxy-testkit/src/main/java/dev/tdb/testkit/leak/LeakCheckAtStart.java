package dev.tdb.testkit.leak;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Has Netty count buffers for {@link NoLeaks} in every test run that has this module on its path: JUnit finds it as a
 * service and calls it before the first test class is loaded. Netty asks for its leak detector once, when it makes its
 * first buffer, so no test could do this itself.
 */
public final class LeakCheckAtStart implements LauncherSessionListener {
    @Override
    public void launcherSessionOpened(LauncherSession session) {
        LeakScopes.install();
    }
}
