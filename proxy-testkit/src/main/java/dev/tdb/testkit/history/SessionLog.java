package dev.tdb.testkit.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one session, recorded as they happen. Several may be under way at once (a pipeline). Any thread may
 * use it, one at a time or not.
 */
public final class SessionLog {
    private final int session;
    private final LongSupplier nanoTime;
    private final List<Pending> pending = new ArrayList<>();

    SessionLog(int session, LongSupplier nanoTime) {
        this.session = session;
        this.nanoTime = nanoTime;
    }

    public int session() {
        return session;
    }

    /** To be called before the operation is sent. */
    public synchronized Pending invoke(Op op) {
        return invoke(_ -> op);
    }

    /** As {@link #invoke(Op)}, for an operation that carries its own tag. */
    public synchronized Pending invoke(Function<Tag, Op> op) {
        Tag tag = new Tag(session, pending.size());
        Pending one = new Pending(tag, op.apply(tag), nanoTime.getAsLong());
        pending.add(one);
        return one;
    }

    synchronized void copyTo(List<Operation> all) {
        pending.forEach(one -> all.add(one.operation()));
    }

    /** An operation that was sent. Exactly one of its outcomes is to be told, once. */
    public final class Pending {
        private final Tag tag;
        private final Op op;
        private final long invokedNanos;
        private @Nullable Operation done;

        private Pending(Tag tag, Op op, long invokedNanos) {
            this.tag = tag;
            this.op = op;
            this.invokedNanos = invokedNanos;
        }

        public Tag tag() {
            return tag;
        }

        public void ok() {
            complete(Outcome.OK, "");
        }

        /** @param error the engine's own code */
        public void fail(String error) {
            complete(Outcome.FAIL, error);
        }

        /** @param error the code of a last word that says nothing of this operation, or empty when there was none */
        public void info(String error) {
            complete(Outcome.INFO, error);
        }

        private void complete(Outcome outcome, String error) {
            synchronized (SessionLog.this) {
                if (done != null) {
                    throw new IllegalStateException(tag + " has an outcome already: " + done.outcome());
                }
                done = new Operation(tag, op, invokedNanos, nanoTime.getAsLong(), outcome, error);
            }
        }

        private Operation operation() {
            return done == null ? new Operation(tag, op, invokedNanos, nanoTime.getAsLong(), Outcome.INFO, "") : done;
        }
    }
}
