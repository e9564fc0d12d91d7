package dev.tdb.postgres.codec;

import dev.tdb.proxy.refusal.ProtocolViolation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a client has asked of its server and the server has not answered yet, in order: the knowledge of where units of
 * work begin and end. Each entry is a request that has a reply of its own, under the type byte of its message.
 *
 * <pre>
 *   client sends      P  B  E  S  Q          ledger:  [P][B][E][S][Q]      a batch lasts until its Sync
 *   server replies    1  2  E(rror)                           [S][Q]       an error drops what the server skips
 *                     Z                                          [Q]
 *                     C  C  Z                                            at rest, if Z said I
 * </pre>
 *
 * <p>A ring of plain arrays that grows as needed; belongs to one event loop.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-flow.html">Message Flow</a>
 */
public final class RequestLedger {
    /** From this many entries on the client should be read no further. */
    public static final int REQUESTS_FULL = 16_384;

    /** What one read may still add to a full ledger. More is a violation. */
    static final int REQUESTS_MAX = 1 << 20;

    /** A request that no reply is owed for any more. */
    private static final byte VOID = 0;
    /** Where a CopyDone or CopyFail lies between the requests. */
    private static final byte COPY_END = 'c';

    private static final int FIRST_CAPACITY = 8;

    /** Is told what the server will never answer. */
    public interface Dropped {
        void dropped(byte kind, @Nullable Object subject);
    }

    private byte[] kinds = new byte[FIRST_CAPACITY];
    private @Nullable Object[] subjects = new Object[FIRST_CAPACITY];
    private long[] times = new long[2 * FIRST_CAPACITY];
    private int head;
    private int size;
    /** How many ReadyForQuery are outstanding. */
    private int readyOutstanding;
    /** Messages of the extended protocol were sent, and no Sync after them. */
    private boolean batchOpen;
    /** After an error the server skips all that comes before the next Sync, which the client has not sent yet. */
    private boolean serverSkips;
    /** The server reads copy data, and ignores Sync, until it reads a CopyDone or CopyFail. */
    private boolean copyIn;

    private boolean copyEndSent;
    private byte status = FrontendType.IDLE;

    // ---- what the client sends

    /** Whether a message of this type certainly belongs to the unit that is under way. False when none is. */
    public boolean belongsToPresentUnit() {
        if ((copyIn && !copyEndSent) || batchOpen) {
            return true;
        }
        return readyOutstanding == 0 && status != FrontendType.IDLE;
    }

    /**
     * A request was sent.
     *
     * @param kind the type byte of its message: Parse, Bind, Describe, Execute, Close, Query or FunctionCall
     * @param subject what it is about; of the caller's choosing
     * @return false when the server will skip it, so that no reply is owed
     */
    public boolean sent(byte kind, @Nullable Object subject, long startedNanos, long heldNanos) {
        if (serverSkips) {
            return false;
        }
        boolean endsWithReady = endsWithReady(kind);
        batchOpen = !endsWithReady;
        if (endsWithReady) {
            readyOutstanding++;
        }
        push(kind, subject, startedNanos, heldNanos);
        return true;
    }

    public void syncSent(long startedNanos) {
        if (copyIn && !copyEndSent) {
            return;
        }
        serverSkips = false;
        batchOpen = false;
        readyOutstanding++;
        push(FrontendType.SYNC, null, startedNanos, 0);
    }

    /** A CopyDone or a CopyFail was sent. */
    public void copyEnd() {
        if (size == 0 || serverSkips) {
            return;
        }
        push(COPY_END, null, 0, 0);
        copyEndSent = copyEndSent || copyIn;
    }

    private void push(byte kind, @Nullable Object subject, long startedNanos, long heldNanos) {
        if (size == kinds.length) {
            grow();
        }
        int at = index(size);
        kinds[at] = kind;
        subjects[at] = subject;
        times[2 * at] = startedNanos;
        times[2 * at + 1] = heldNanos;
        size++;
    }

    private void grow() {
        int capacity = kinds.length;
        if (capacity >= REQUESTS_MAX) {
            throw new ProtocolViolation("more than " + REQUESTS_MAX + " requests without a reply");
        }
        byte[] newKinds = new byte[2 * capacity];
        @Nullable Object[] newSubjects = new Object[2 * capacity];
        long[] newTimes = new long[4 * capacity];
        int behindHead = capacity - head;
        System.arraycopy(kinds, head, newKinds, 0, behindHead);
        System.arraycopy(kinds, 0, newKinds, behindHead, head);
        System.arraycopy(subjects, head, newSubjects, 0, behindHead);
        System.arraycopy(subjects, 0, newSubjects, behindHead, head);
        System.arraycopy(times, 2 * head, newTimes, 0, 2 * behindHead);
        System.arraycopy(times, 0, newTimes, 2 * behindHead, 2 * head);
        kinds = newKinds;
        subjects = newSubjects;
        times = newTimes;
        head = 0;
    }

    // ---- what the server replies

    /** The kind of the oldest request that is not answered; 0 when there is none. */
    public byte oldest() {
        return size == 0 ? VOID : kinds[head];
    }

    public @Nullable Object oldestSubject() {
        return size == 0 ? null : subjects[head];
    }

    public long oldestStartedNanos() {
        return times[2 * head];
    }

    public long oldestHeldNanos() {
        return times[2 * head + 1];
    }

    /** The oldest request was answered to the end. */
    public void answered() {
        pop();
        settle();
    }

    /** The server wants copy data. It will ignore the Syncs that were sent before the copy's end. */
    public void copyInBegan() {
        copyIn = true;
        copyEndSent = false;
        boolean syncAhead = false;
        for (int i = 1; i < size; i++) {
            int at = index(i);
            if (kinds[at] == COPY_END) {
                copyEndSent = true;
            } else if (kinds[at] == FrontendType.SYNC) {
                if (copyEndSent) {
                    syncAhead = true;
                } else {
                    kinds[at] = VOID;
                    readyOutstanding--;
                }
            }
        }
        if (oldest() == FrontendType.EXECUTE && !syncAhead) {
            batchOpen = true;
        }
    }

    /** A CommandComplete came. If a copy ended, so it did by one end; a Query may hold more copies, each with its own. */
    public void commandCompleted() {
        if (copyIn) {
            spendCopyEnd();
        }
        copyEnded();
    }

    /** One is as good as another, so that the last is taken of those that lie together: usually nothing is behind it. */
    private void spendCopyEnd() {
        int at = 1;
        while (at < size && kinds[index(at)] != COPY_END) {
            at++;
        }
        while (at + 1 < size && kinds[index(at + 1)] == COPY_END) {
            at++;
        }
        if (at == size - 1) {
            size--;
        } else if (at < size) {
            kinds[index(at)] = VOID;
        }
    }

    /** Copy data means nothing any more. */
    public void copyEnded() {
        copyIn = false;
        copyEndSent = false;
    }

    /**
     * The oldest request failed. In the extended protocol the server skips what follows up to the next Sync; these
     * requests are dropped.
     *
     * @param dropped told of each, the failed one first
     */
    public void failed(Dropped dropped) {
        copyEnded();
        if (size == 0 || endsWithReady(kinds[head])) {
            return;
        }
        while (size > 0 && kinds[head] != FrontendType.SYNC) {
            drop(dropped);
        }
        if (size == 0) {
            serverSkips = true;
            batchOpen = true;
        }
    }

    /**
     * A ReadyForQuery came: makes the request it ends the oldest one. There should be none before it.
     *
     * @return false when no request was waiting for it
     */
    public boolean readyArrived(byte newStatus, Dropped dropped) {
        status = newStatus;
        copyEnded();
        if (readyOutstanding == 0) {
            if (serverSkips) {
                serverSkips = false;
                batchOpen = false;
            }
            return false;
        }
        while (!endsWithReady(kinds[head])) {
            drop(dropped);
        }
        return true;
    }

    private void drop(Dropped dropped) {
        byte kind = kinds[head];
        Object subject = subjects[head];
        pop();
        if (kind != VOID && kind != COPY_END) {
            dropped.dropped(kind, subject);
        }
    }

    private void pop() {
        if (endsWithReady(kinds[head])) {
            readyOutstanding--;
        }
        subjects[head] = null;
        head = (head + 1) & (kinds.length - 1);
        size--;
    }

    /** Takes away what nothing will be replied to. */
    private void settle() {
        while (size > 0 && (kinds[head] == VOID || kinds[head] == COPY_END)) {
            pop();
        }
    }

    private int index(int offset) {
        return (head + offset) & (kinds.length - 1);
    }

    private static boolean endsWithReady(byte kind) {
        return kind == FrontendType.QUERY || kind == FrontendType.SYNC || kind == FrontendType.FUNCTION_CALL;
    }

    // ---- where it stands

    /** Nothing is outstanding, no transaction is open, no batch is unfinished. */
    public boolean isAtRest() {
        return size == 0 && status == FrontendType.IDLE && !batchOpen && !copyIn;
    }

    /** Whether the server passes over what is sent, because of an error, until a Sync comes. */
    public boolean isServerSkipping() {
        return serverSkips;
    }

    public boolean isFull() {
        return size >= REQUESTS_FULL;
    }

    public int size() {
        return size;
    }

    /** What the last ReadyForQuery said. */
    public byte status() {
        return status;
    }

    /** Forgets everything. */
    public void clear() {
        Arrays.fill(subjects, null);
        size = 0;
        readyOutstanding = 0;
        batchOpen = false;
        serverSkips = false;
        copyEnded();
    }
}
