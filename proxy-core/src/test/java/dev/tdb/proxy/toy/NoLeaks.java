package dev.tdb.proxy.toy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.LeakPresenceDetector.ResourceScope;
import io.netty.util.ResourceLeakDetectorFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves a buffer unreleased, and a class that leaves one it made outside its tests. Buffers that are
 * still on their way get some seconds, and are their own test's whenever they are released. The testkit has the same one
 * for the modules that stand on this one.
 */
public final class NoLeaks implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Namespace NAMESPACE = Namespace.create(NoLeaks.class);

    private record Entered(ResourceScope scope, ResourceScope before) {}

    @Override
    public void beforeAll(ExtensionContext context) {
        enter(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        enter(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        leave(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        leave(context);
    }

    private static void enter(ExtensionContext context) {
        assertThat(ResourceLeakDetectorFactory.instance().newResourceLeakDetector(Object.class))
                .as("JUnit made Netty count buffers")
                .isInstanceOf(BufferCount.Detector.class);
        ResourceScope scope = new ResourceScope(context.getDisplayName());
        context.getStore(NAMESPACE).put(context.getUniqueId(), new Entered(scope, BufferCount.enter(scope)));
    }

    private static void leave(ExtensionContext context) {
        Entered entered = context.getStore(NAMESPACE).remove(context.getUniqueId(), Entered.class);
        if (entered != null) {
            BufferCount.enter(entered.before());
            check(entered.scope(), PATIENCE);
        }
    }

    /** @throws IllegalStateException when something of {@code scope} is not released after {@code patience} */
    static void check(ResourceScope scope, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (scope.hasOpenResources() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(1_000_000);
        }
        if (scope.hasOpenResources()) {
            scope.close();
        }
    }
}
