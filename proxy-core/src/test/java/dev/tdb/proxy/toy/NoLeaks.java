package dev.tdb.proxy.toy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a buffer unreleased. Buffers that are still on their way get some seconds. */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public void beforeEach(ExtensionContext context) {
        assertThat(ResourceLeakDetectorFactory.instance().newResourceLeakDetector(Object.class))
                .as("JUnit made Netty count buffers")
                .isInstanceOf(LeakPresenceDetector.class);
        LeakPresenceDetector.check();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                LeakPresenceDetector.check();
                return;
            } catch (IllegalStateException leak) {
                if (System.nanoTime() > until) {
                    throw leak;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }
}
