package dev.tdb.proxy.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.refusal.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** All client connections of a node, by the number their client knows them by. From any thread. */
public final class Sessions {
    private final Map<Integer, FrontendSession> byNumber = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();

    /** Gives the session a number nobody else has. */
    int add(FrontendSession session) {
        while (true) {
            int number = last.updateAndGet(n -> n == Integer.MAX_VALUE ? 1 : n + 1);
            if (byNumber.putIfAbsent(number, session) == null) {
                return number;
            }
        }
    }

    void remove(int number) {
        byNumber.remove(number);
    }

    public int count() {
        return byNumber.size();
    }

    /** Cancels the unit of another session if the secret is its own; {@code done} runs in any case, on any thread. */
    void cancel(int number, Secret secret, Runnable done) {
        FrontendSession session = byNumber.get(number);
        if (session == null) {
            done.run();
        } else {
            session.cancel(secret, done);
        }
    }

    /**
     * Cancels the unit of another session, or ends that session, if the secret is its own.
     *
     * @param done told whether it was, on any thread
     */
    void interrupt(int number, Secret secret, boolean ends, Consumer<Boolean> done) {
        FrontendSession session = byNumber.get(number);
        if (session == null) {
            done.accept(false);
        } else {
            session.interrupt(secret, ends, done);
        }
    }

    /** Those that are logged in, as they are now. */
    public CompletableFuture<List<SessionInfo>> list() {
        List<CompletableFuture<Optional<SessionInfo>>> asked = new ArrayList<>();
        byNumber.values().forEach(session -> asked.add(session.info()));
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(_ -> asked.stream()
                        .map(CompletableFuture::join)
                        .flatMap(Optional::stream)
                        .toList());
    }

    /** @return whether there is such a session */
    public boolean end(int number, Refusal refusal) {
        FrontendSession session = byNumber.get(number);
        if (session == null) {
            return false;
        }
        session.endSoon(refusal);
        return true;
    }

    /** Those who got in with one of {@code ended} end at their next safe point, or when {@code patience} is over. */
    void endThoseOf(Set<Credential> ended, Refusal refusal, Duration patience) {
        byNumber.values().forEach(session -> session.endSoonIfOf(ended, refusal, patience));
    }

    /** Asks every session to end at its next safe point. */
    public void endAllAtSafePoint(Refusal refusal) {
        byNumber.values().forEach(session -> session.endAtSafePointSoon(refusal));
    }

    public void endAll(Refusal refusal) {
        byNumber.values().forEach(session -> session.endSoon(refusal));
    }

    Collection<FrontendSession> all() {
        return byNumber.values();
    }
}
