package dev.tdb.mysql.codec;

import org.jspecify.annotations.Nullable;

/** A command whose reply is owed. */
public final class PendingCommand {
    /** Who is to be told of the reply, and who gives it. */
    public enum Kind {
        /** The server answers the client. */
        CLIENTS,
        /** The proxy asked for itself: the client does not hear of it. */
        OURS,
        /** The proxy answers, when it is this one's turn. */
        LOCAL
    }

    private final Kind kind;
    private final int code;
    private final String text;
    private final long startedNanos;
    private final long heldNanos;
    private final @Nullable PreparedStatement statement;
    private final boolean explainsState;
    private boolean mayAskForFile;
    private byte @Nullable [] answer;

    /**
     * @param code of the command
     * @param text for the query log; empty for what is not logged
     * @param statement that it prepares or is about
     * @param explainsState whether its text says how it changes the session, should the server tell that it does
     */
    public PendingCommand(
            Kind kind,
            int code,
            String text,
            long startedNanos,
            long heldNanos,
            @Nullable PreparedStatement statement,
            boolean explainsState) {
        this.kind = kind;
        this.code = code;
        this.text = text;
        this.startedNanos = startedNanos;
        this.heldNanos = heldNanos;
        this.statement = statement;
        this.explainsState = explainsState;
    }

    /** A question of our own. */
    public static PendingCommand ours(int code) {
        return new PendingCommand(Kind.OURS, code, "", 0, 0, null, true);
    }

    public Kind kind() {
        return kind;
    }

    public int code() {
        return code;
    }

    public String text() {
        return text;
    }

    public long startedNanos() {
        return startedNanos;
    }

    public long heldNanos() {
        return heldNanos;
    }

    public @Nullable PreparedStatement statement() {
        return statement;
    }

    public boolean explainsState() {
        return explainsState;
    }

    /** Whether the server may answer by asking the client for a file of its own: the text says so. */
    public boolean mayAskForFile() {
        return mayAskForFile;
    }

    public PendingCommand allowFile(boolean allowed) {
        mayAskForFile = allowed;
        return this;
    }

    /** What a {@link Kind#LOCAL} one is answered, as whole packets; null as long as that is not known. */
    public byte @Nullable [] answer() {
        return answer;
    }

    public void answer(byte[] packets) {
        answer = packets;
    }
}
