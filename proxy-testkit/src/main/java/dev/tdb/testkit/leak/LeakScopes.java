package dev.tdb.testkit.leak;

import io.netty.util.LeakPresenceDetector;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;

/**
 * Netty's leak presence detector, with a scope that tests can change and look at without disturbing its count.
 *
 * @param <T> what is tracked
 */
final class LeakScopes<T> extends LeakPresenceDetector<T> {
    private static volatile ResourceScope current = new ResourceScope("outside tests");

    private LeakScopes(Class<T> resourceType) {
        super(resourceType);
    }

    @Override
    protected ResourceScope currentScope() {
        return current;
    }

    /** All that is allocated from now on, on whatever thread, belongs to {@code scope}. @return the scope before */
    static synchronized ResourceScope enter(ResourceScope scope) {
        ResourceScope before = current;
        current = scope;
        return before;
    }

    /** Makes Netty use this detector, for buffers from here on: before Netty's first buffer, or not at all. */
    static void install() {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
    }

    static boolean isInstalled() {
        return ResourceLeakDetectorFactory.instance() instanceof Factory;
    }

    private static final class Factory extends ResourceLeakDetectorFactory {
        @Override
        public <R> ResourceLeakDetector<R> newResourceLeakDetector(Class<R> resource, int samplingInterval) {
            return new LeakScopes<>(resource);
        }

        @Override
        @Deprecated
        public <R> ResourceLeakDetector<R> newResourceLeakDetector(
                Class<R> resource, int samplingInterval, long maxActive) {
            return new LeakScopes<>(resource);
        }
    }
}
