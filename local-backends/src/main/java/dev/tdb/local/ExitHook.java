package dev.tdb.local;

/** Something to be done when this JVM exits in an orderly way. It can be taken back, and set again. */
final class ExitHook {
    private final Runnable action;
    private Thread hook;

    ExitHook(Runnable action) {
        this.action = action;
        this.hook = newThread();
    }

    synchronized void set() {
        remove();
        hook = newThread(); // a thread that has been a hook once cannot be one again
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            throw new LocalServerException("the JVM is exiting: nothing is started any more", e);
        }
    }

    synchronized void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is exiting, and this may well be the hook.
        }
    }

    private Thread newThread() {
        return Thread.ofPlatform().name("stop-local-server").unstarted(action);
    }
}
