package dev.tdb.mysql.codec;

import dev.tdb.mysql.message.ServerStatus;
import dev.tdb.proxy.refusal.ProtocolViolation;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a client has asked of its server and has not been answered yet, in order, and what the last reply said of the
 * session: the knowledge of where units of work begin and end. A unit is one command with its reply, or a transaction.
 * Belongs to one event loop.
 */
public final class CommandLedger {
    /** From this many commands on the client should be read no further. */
    public static final int COMMANDS_FULL = 4096;
    /** The same of their texts, which are kept for the query log. */
    private static final int TEXT_CHARS_FULL = 1 << 20;
    /** What one read may still add to a full ledger. More is a violation. */
    private static final int COMMANDS_MAX = 1 << 18;

    private final ArrayDeque<PendingCommand> pending = new ArrayDeque<>();
    private int status = ServerStatus.AUTOCOMMIT;
    private boolean fileOpen;
    private long textChars;

    public void sent(PendingCommand command) {
        if (pending.size() >= COMMANDS_MAX) {
            throw new ProtocolViolation("more than " + COMMANDS_MAX + " commands without a reply");
        }
        pending.add(command);
        textChars += command.text().length();
    }

    /** The oldest command that is not answered; null when there is none. */
    public @Nullable PendingCommand oldest() {
        return pending.peek();
    }

    /** The newest; null when there is none. */
    public @Nullable PendingCommand newest() {
        return pending.peekLast();
    }

    /** The oldest was answered to the end. */
    public void answered() {
        textChars -= pending.remove().text().length();
    }

    /** What a reply said. */
    public void status(int flags) {
        status = flags;
    }

    /** Of that what holds of the session, and not only of what was answered. */
    public int sessionStatus() {
        return status & ServerStatus.OF_SESSION;
    }

    /** The server rolled a transaction back and said so in an error, which has no status. */
    public void rolledBack() {
        status &= ~ServerStatus.IN_TRANS;
    }

    /** The server asked for a file: what the client sends is its contents, until an empty packet. */
    public void file(boolean open) {
        fileOpen = open;
    }

    public boolean isFileOpen() {
        return fileOpen;
    }

    public boolean isInTransaction() {
        return ServerStatus.has(status, ServerStatus.IN_TRANS);
    }

    public boolean isEmpty() {
        return pending.isEmpty();
    }

    public boolean isFull() {
        return pending.size() >= COMMANDS_FULL || textChars >= TEXT_CHARS_FULL;
    }

    public int size() {
        return pending.size();
    }

    /** Forgets everything. */
    public void clear() {
        pending.clear();
        textChars = 0;
        fileOpen = false;
        status = ServerStatus.AUTOCOMMIT;
    }
}
