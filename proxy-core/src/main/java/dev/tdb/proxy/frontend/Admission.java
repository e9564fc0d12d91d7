package dev.tdb.proxy.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.refusal.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who may be connected: the newest book, by which clients get in, and the end of those who got in with a credential that
 * was taken out of it, or whose time is over. From any thread.
 */
public final class Admission {
    /** No timer runs for longer: the clock may be set meanwhile. */
    private static final Duration LOOK_AGAIN = Duration.ofHours(1);

    private final Sessions sessions;
    private final Duration patience;
    private final InstantSource clock;
    private final ScheduledExecutorService timers;
    private final Executor workers;
    private volatile CredentialBook book;

    /** Guarded by this. */
    private @Nullable Future<?> nextLook;

    /**
     * @param patience for the unit that is under way in such a session
     * @param timers tell {@code workers} when it is time to look into the book, which may take a moment
     */
    public Admission(
            CredentialBook book,
            Sessions sessions,
            Duration patience,
            InstantSource clock,
            ScheduledExecutorService timers,
            Executor workers) {
        this.book = book;
        this.sessions = sessions;
        this.patience = patience;
        this.clock = clock;
        this.timers = timers;
        this.workers = workers;
    }

    CredentialBook book() {
        return book;
    }

    /** Whether a credential still lets somebody in: what a handshake began with may be over when it ends. */
    boolean stands(Credential credential) {
        return book.stands(credential, clock.instant());
    }

    /** Goes by {@code next} from now on. */
    public synchronized void publish(CredentialBook next) {
        CredentialBook before = book;
        // First of all: who gets in while the others are told is let in by the new one.
        book = next;
        end(next.endedSince(before, clock.instant()));
        lookAgain();
    }

    private synchronized void look() {
        end(book.expired(clock.instant()));
        lookAgain();
    }

    private void end(Set<Credential> ended) {
        if (!ended.isEmpty()) {
            sessions.endThoseOf(ended, refusal(), patience);
        }
    }

    /** What a session is told that got in with a credential that is none any more. */
    static Refusal refusal() {
        return new Refusal.Terminated("the password it logged in with is not valid any more");
    }

    private void lookAgain() {
        if (nextLook != null) {
            nextLook.cancel(false);
            nextLook = null;
        }
        Instant now = clock.instant();
        book.nextEnd(now).ifPresent(end -> {
            // A time beyond what a Duration counts in nanoseconds is far away, too.
            boolean far = end.isAfter(now.plus(LOOK_AGAIN));
            Duration wait = far ? LOOK_AGAIN : Duration.between(now, end);
            try {
                nextLook = timers.schedule(() -> workers.execute(this::look), wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException shutDown) {
                // All sessions end.
            }
        });
    }
}
