package dev.tdb.mysql.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A statement that a client prepared by the protocol: the id it knows it by, which is ours, and the id of the server that
 * the session is on. Belongs to one event loop.
 */
public final class PreparedStatement {
    /** Of an execution's payload, before what depends on the parameters: code, id, flags, iteration count. */
    public static final int FIXED_BYTES = 10;

    public static final int TYPE_BYTES = 2;

    private final String shown;
    private final boolean explainsState;
    private final boolean mayAskForFile;
    private byte @Nullable [] text;
    private int clientId;
    private int serverId;
    private int parameters;
    private byte @Nullable [] types;
    private byte @Nullable [] unreadExecution;
    private boolean typesStand;
    private boolean longDataSent;
    private boolean cursorOpen;
    private boolean closed;
    private boolean forgotten;

    /**
     * @param shown its text, cut, for people
     * @param text all of its text, or null when that is more than is kept
     * @param explainsState whether the text says how it changes the session, should it do so
     * @param mayAskForFile whether its execution may have the server ask for a file
     */
    public PreparedStatement(String shown, byte @Nullable [] text, boolean explainsState, boolean mayAskForFile) {
        this.shown = shown;
        this.text = text;
        this.explainsState = explainsState;
        this.mayAskForFile = mayAskForFile;
    }

    public boolean explainsState() {
        return explainsState;
    }

    public boolean mayAskForFile() {
        return mayAskForFile;
    }

    public String shown() {
        return shown;
    }

    /** The text to prepare it with anew; not to be changed. Null when it was not kept. */
    public byte @Nullable [] text() {
        return text;
    }

    /** What is kept of it, so that it can be prepared elsewhere. */
    int keptBytes() {
        return shown.length() + (text == null ? 0 : text.length) + (types == null ? 0 : types.length);
    }

    /** Keeps nothing more of it than its server needs: it cannot be prepared elsewhere. */
    void forget() {
        forgotten = true;
        text = null;
        types = null;
    }

    boolean isForgotten() {
        return forgotten;
    }

    /** Nobody may use it any more; what is still said of it changes nothing. */
    void close() {
        closed = true;
        longDataSent = false;
        cursorOpen = false;
    }

    boolean isClosed() {
        return closed;
    }

    /** The server has it. */
    void stands(int newClientId, int newServerId, int parameterCount) {
        clientId = newClientId;
        movedTo(newServerId);
        parameters = parameterCount;
        readExecution();
    }

    /** Another server has it; no types of parameters were sent there. */
    public void movedTo(int newServerId) {
        serverId = newServerId;
        typesStand = false;
        longDataSent = false;
        cursorOpen = false;
    }

    public int clientId() {
        return clientId;
    }

    public int serverId() {
        return serverId;
    }

    public int parameters() {
        return parameters;
    }

    /**
     * It was executed before its id was known, and with it how many parameters there are.
     *
     * @param payload of the execution, or its beginning
     */
    public void executedUnread(byte[] payload) {
        unreadExecution = payload;
    }

    private void readExecution() {
        byte[] payload = unreadExecution;
        unreadExecution = null;
        int flag = FIXED_BYTES + nullBytes();
        int end = flag + 1 + TYPE_BYTES * parameters;
        if (payload != null && parameters > 0 && payload.length >= end && payload[flag] == 1) {
            bound(Arrays.copyOfRange(payload, flag + 1, end));
        }
    }

    /** How many bytes of an execution say which parameters are NULL. */
    public int nullBytes() {
        return (parameters + 7) / 8;
    }

    /** An execution said what types its parameters have, two bytes for each; they hold until others are said. */
    void bound(byte[] newTypes) {
        types = forgotten ? null : newTypes;
        typesStand = true;
    }

    /** The types that the client counts on and its present server has not been told; null when there are none such. */
    public byte @Nullable [] owedTypes() {
        return typesStand ? null : types;
    }

    public void typesSent() {
        typesStand = true;
    }

    /** Parts of a parameter were sent ahead, for the next execution. */
    public boolean isLongDataSent() {
        return longDataSent;
    }

    void longData(boolean sent) {
        longDataSent = sent;
    }

    public boolean isCursorOpen() {
        return cursorOpen;
    }

    void cursor(boolean open) {
        cursorOpen = open;
    }
}
