package dev.tdb.admin.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tdb.control.ControlException;
import dev.tdb.proxy.credential.Secret;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Answers already given to requests with an {@code Idempotency-Key}, for 24 hours. They may hold secrets that are shown
 * once, so they are kept in memory only; a restart forgets them.
 */
final class Replays {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final int KEPT_MAX = 10_000;

    private final Cache<Id, First> firsts = Caffeine.newBuilder()
            .maximumSize(KEPT_MAX)
            .expireAfterWrite(Duration.ofHours(24))
            .build();

    /** Whose key it is, and for what: two callers may use the same key. */
    record Id(String caller, String project, String path, String key) {}

    /** The request that came first. The reply is empty while it is being made. */
    private record First(Secret bodySha256, Optional<Reply> reply) {}

    /**
     * The first answer again, or what {@code work} answers now. A fault (5xx) is not kept: the request may be sent again.
     *
     * @throws Failure {@code conflict} when the key stands for another body, or its first request still runs
     */
    Reply once(Id id, Secret bodySha256, Supplier<Reply> work) {
        if (!KEY.matcher(id.key()).matches()) {
            throw Failure.badRequest("header 'Idempotency-Key', expected 1 to 255 printable characters without spaces");
        }
        First mine = new First(bodySha256, Optional.empty());
        First first = firsts.asMap().putIfAbsent(id, mine);
        if (first != null) {
            return again(first, bodySha256);
        }
        Optional<Reply> reply = Optional.empty();
        try {
            reply = Optional.of(answer(work));
        } finally {
            if (reply.isPresent() && reply.get().code().status() < 500) {
                firsts.put(id, new First(bodySha256, reply));
            } else {
                firsts.invalidate(id);
            }
        }
        return reply.get();
    }

    private static Reply answer(Supplier<Reply> work) {
        try {
            return work.get();
        } catch (Failure failure) {
            return Reply.of(failure);
        } catch (ControlException refusal) {
            return Reply.of(refusal);
        }
    }

    private static Reply again(First first, Secret bodySha256) {
        if (!first.bodySha256().equals(bodySha256)) {
            throw Failure.conflict("this Idempotency-Key was used with another body: take a new key");
        }
        return first.reply()
                .orElseThrow(() -> Failure.conflict("the first request with this Idempotency-Key is still running"))
                .withHeader("Idempotency-Replayed", "true");
    }
}
