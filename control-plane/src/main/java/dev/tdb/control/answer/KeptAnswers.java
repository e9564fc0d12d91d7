package dev.tdb.control.answer;

import dev.tdb.control.ControlException;
import dev.tdb.control.operation.Rounds;
import dev.tdb.control.secret.SecretCipher;
import dev.tdb.control.store.AnswerRows;
import dev.tdb.control.store.DuplicateRow;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first answers to requests that may be sent again. A request is written down before it is done and its answer before
 * it is given, so that a kill between the two is noticed: such a request is not done again by itself. Answers hold secrets
 * that are shown once, so they are encrypted, and go after a day.
 *
 * <p>There is a bound for each caller and one for all; above it the oldest answers go before their time.
 */
public final class KeptAnswers implements AutoCloseable {
    /** How long an answer is kept. */
    public static final Duration KEPT = Duration.ofHours(24);

    private static final Logger log = LoggerFactory.getLogger(KeptAnswers.class);

    private final StateStore store;
    private final SecretCipher cipher;
    private final AnswerBounds bounds;
    private final InstantSource clock;
    private final Rounds rounds = new Rounds("kept answers", this::round);

    /** The bodies of requests that this process is answering, by id. */
    private final Map<String, Secret> running = new ConcurrentHashMap<>();

    /** Claims that were given back when the control database did not take it. */
    private final Set<String> givenBack = ConcurrentHashMap.newKeySet();

    public KeptAnswers(StateStore store, SecretCipher cipher, AnswerBounds bounds, InstantSource clock) {
        this.store = store;
        this.cipher = cipher;
        this.bounds = bounds;
        this.clock = clock;
    }

    public void start() {
        rounds.start();
    }

    /** Forgets what is to be forgotten, as is done every minute. */
    void round() {
        store.write(tables -> {
            tables.answers().deleteUntil(oldest());
            return KEPT;
        });
        if (!givenBack.isEmpty()) {
            givenBack.retainAll(Set.copyOf(store.read(tables -> tables.answers().ids())));
        }
    }

    /** Writes the request down if nothing is known of it. */
    public Claim claim(RequestName name, Secret bodySha256) {
        String id = name.digest();
        Secret before = running.putIfAbsent(id, bodySha256);
        if (before != null) {
            return before.equals(bodySha256) ? new Claim.Running() : new Claim.OtherBody();
        }
        boolean first = false;
        try {
            Claim claim = written(
                    new Claim.First(id, name.caller(), cipher.encrypt(bodySha256, requestPlace(id))), bodySha256);
            first = claim instanceof Claim.First;
            return claim;
        } finally {
            if (!first) {
                running.remove(id);
            }
        }
    }

    private Claim written(Claim.First first, Secret bodySha256) {
        try {
            Claim claim = store.write(tables -> tables.answers()
                    .find(first.id())
                    .filter(row -> !isForgotten(tables, row))
                    .map(row -> known(row, bodySha256))
                    .orElseGet(() -> {
                        makeRoom(tables, first.caller(), 1, first.request().length());
                        tables.answers().insert(row(first, AnswerRows.RUNNING, ""));
                        return first;
                    }));
            givenBack.remove(first.id());
            return claim;
        } catch (DuplicateRow e) {
            return new Claim.Running(); // another node was faster
        }
    }

    private boolean isForgotten(Tables tables, AnswerRows.Row row) {
        boolean forgotten = row.madeAt() <= oldest() || givenBack.contains(row.id());
        if (forgotten) {
            tables.answers().delete(row.id());
        }
        return forgotten;
    }

    private Claim known(AnswerRows.Row row, Secret bodySha256) {
        if (!cipher.decrypt(row.request(), requestPlace(row.id())).equals(bodySha256)) {
            return new Claim.OtherBody();
        }
        return switch (row.state()) {
            case AnswerRows.ANSWERED -> new Claim.Answered(cipher.decrypt(row.answer(), answerPlace(row.id())));
            case AnswerRows.TOO_LONG -> new Claim.TooLong();
            default -> new Claim.CutShort();
        };
    }

    /** The answer to a request, which may be given now: should it not be kept, the request is one that was cut short. */
    public void keep(Claim.First first, Secret answer) {
        boolean fits = answer.length() <= bounds.answerBytesMax();
        String text = fits ? cipher.encrypt(answer, answerPlace(first.id())) : "";
        try {
            store.write(tables -> {
                makeRoom(tables, first.caller(), 0, text.length());
                tables.answers().update(row(first, fits ? AnswerRows.ANSWERED : AnswerRows.TOO_LONG, text));
                return first;
            });
        } catch (ControlException e) {
            log.atWarn().setCause(e).log("an answer could not be kept, the same request will be refused");
        } finally {
            running.remove(first.id());
        }
    }

    /** The request has not been done, and may be sent again. */
    public void giveBack(Claim.First first) {
        givenBack.add(first.id());
        try {
            store.write(tables -> {
                tables.answers().delete(first.id());
                return first;
            });
            givenBack.remove(first.id());
        } catch (ControlException e) {
            log.atDebug().setCause(e).log("a claim is given back when the request comes again");
        } finally {
            running.remove(first.id());
        }
    }

    private void makeRoom(Tables tables, String caller, int entries, long bytes) {
        AnswerRows.Kept kept = tables.answers().kept(caller);
        long own = kept.entries() + entries;
        long ownBytes = kept.bytes() + bytes;
        long all = kept.allEntries() + entries;
        long allBytes = kept.allBytes() + bytes;
        boolean mine = own > bounds.entriesMax() || ownBytes > bounds.bytesMax();
        while (mine || all > bounds.allEntriesMax() || allBytes > bounds.allBytesMax()) {
            Optional<AnswerRows.Oldest> oldest =
                    mine ? tables.answers().oldest(caller) : tables.answers().oldest();
            if (oldest.isEmpty()) {
                return; // All are running, which the server's connections bound.
            }
            tables.answers().delete(oldest.get().id());
            all--;
            allBytes -= oldest.get().bytes();
            if (mine) {
                own--;
                ownBytes -= oldest.get().bytes();
                mine = own > bounds.entriesMax() || ownBytes > bounds.bytesMax();
            }
        }
    }

    private AnswerRows.Row row(Claim.First first, String state, String answer) {
        return new AnswerRows.Row(first.id(), first.caller(), state, first.request(), answer, clock.millis());
    }

    /** Until when that is what was made to be forgotten. */
    private long oldest() {
        return clock.millis() - KEPT.toMillis();
    }

    /** Where the digest of a request's body is kept, for {@link SecretCipher}. */
    public static String requestPlace(String id) {
        return "kept_request/" + id;
    }

    /** Where an answer is kept, for {@link SecretCipher}. */
    public static String answerPlace(String id) {
        return "kept_answer/" + id;
    }

    @Override
    public void close() {
        rounds.close();
    }
}
