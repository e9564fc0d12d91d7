package dev.tdb.proxy.toy;

import io.netty.util.LeakPresenceDetector;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Has Netty count buffers in this module's tests; JUnit finds it as a service, before Netty makes its first one. */
public final class BufferCount implements LauncherSessionListener {
    private static volatile LeakPresenceDetector.ResourceScope current =
            new LeakPresenceDetector.ResourceScope("outside tests");

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        System.setProperty("io.netty.customResourceLeakDetector", Detector.class.getName());
    }

    /** All that is made from now on, on whatever thread, belongs to {@code scope}. @return the scope before */
    static synchronized LeakPresenceDetector.ResourceScope enter(LeakPresenceDetector.ResourceScope scope) {
        LeakPresenceDetector.ResourceScope before = current;
        current = scope;
        return before;
    }

    /** Netty makes one for each kind of thing that must be released. Unlike with its own, asking changes no count. */
    public static final class Detector<T> extends LeakPresenceDetector<T> {
        public Detector(Class<?> kind) {
            super(kind);
        }

        @SuppressWarnings("deprecation")
        public Detector(Class<?> kind, int samplingInterval) {
            super(kind, samplingInterval);
        }

        @SuppressWarnings("deprecation")
        public Detector(Class<?> kind, int samplingInterval, long maxActive) {
            super(kind, samplingInterval, maxActive);
        }

        @Override
        protected ResourceScope currentScope() {
            return current;
        }
    }
}
