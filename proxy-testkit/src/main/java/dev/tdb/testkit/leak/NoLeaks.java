package dev.tdb.testkit.leak;

import io.netty.util.LeakPresenceDetector.ResourceScope;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves a buffer unreleased, and a class that leaves one it made outside its tests. Every buffer is
 * counted, on every thread, so tests under it must not run in parallel in one JVM.
 *
 * <p>A buffer may still be on its way to be released when a test ends (a channel closes on its event loop), so the
 * count is given some seconds to come to nothing. To see where a leaked buffer was made, run with
 * {@code -Dio.netty.util.LeakPresenceDetector.trackCreationStack=true}.
 *
 * <p>Use: {@code @ExtendWith(NoLeaks.class)}. Extensions registered before it, and {@code @AfterEach} methods, close
 * what they opened before it looks.
 */
public final class NoLeaks implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(1);
    private static final Namespace NAMESPACE = Namespace.create(NoLeaks.class);

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
        requireDetector();
        ResourceScope scope = new ResourceScope(context.getDisplayName());
        context.getStore(NAMESPACE).put(context.getUniqueId(), new Entered(scope, LeakScopes.enter(scope)));
    }

    private static void leave(ExtensionContext context) {
        Entered entered = context.getStore(NAMESPACE).remove(context.getUniqueId(), Entered.class);
        if (entered == null) {
            return; // the class could not even begin
        }
        LeakScopes.enter(entered.before());
        check(entered.scope(), PATIENCE);
    }

    /** @throws IllegalStateException when {@code scope} still has open resources after {@code patience} */
    static void check(ResourceScope scope, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (scope.hasOpenResources() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL.toNanos());
        }
        if (scope.hasOpenResources()) {
            scope.close();
        }
    }

    private static void requireDetector() {
        if (!LeakScopes.isInstalled()) {
            throw new IllegalStateException("JUnit did not call " + LeakCheckAtStart.class.getName()
                    + ", so buffers are not counted: is the service file of this module on the path?");
        }
    }

    private record Entered(ResourceScope scope, ResourceScope before) {}
}
