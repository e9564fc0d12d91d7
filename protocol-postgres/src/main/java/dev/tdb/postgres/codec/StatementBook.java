package dev.tdb.postgres.codec;

import dev.tdb.postgres.codec.NameTable.Slot;
import dev.tdb.proxy.relay.KeptBytes;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statements a session prepared by Parse: what the client last sent under a name, and what stands at the server
 * since its ParseComplete. At most 10,000 and 16 MiB are known, and as much as there is room for on its event loop; what
 * comes on top of that the session cannot take with it. Belongs to that loop.
 *
 * <p>A name is known by its first 63 bytes, as servers know it.
 */
public final class StatementBook {
    public static final int STATEMENTS_MAX = 10_000;
    public static final long BODIES_BYTES_MAX = 16L << 20;
    /** A longer Parse is not kept. */
    public static final int BODY_BYTES_MAX = 1 << 20;

    /** NAMEDATALEN - 1. */
    private static final int NAME_BYTES_MAX = 63;

    /** What a statement takes besides its bytes: its objects, and its place in the table. */
    private static final int ENTRY_BYTES = 256;

    private final int textBytesMax;
    private final KeptBytes shared;
    private final Slot unnamed = new Slot(new byte[0], 0);
    private @Nullable NameTable named;
    private int count;
    private long bytes;
    private long sharedBytes;
    private boolean shortOfRoom;

    /** @param shared is told what is kept here, and says whether there is room for more */
    public StatementBook(int textBytesMax, KeptBytes shared) {
        this.textBytesMax = textBytesMax;
        this.shared = shared;
    }

    /**
     * A Parse was sent.
     *
     * @param body has the message's body, or its prefix, from {@code index} on
     * @param bodyBytes the body's length, of which {@code atHandBytes} are there
     */
    public ParsedStatement parseSent(ByteBuf body, int index, int bodyBytes, int atHandBytes, Charset charset) {
        int nameBytes = lengthToZero(body, index, atHandBytes);
        byte[] name = new byte[Math.min(nameBytes, NAME_BYTES_MAX)];
        body.getBytes(index, name);
        boolean large = bodyBytes > BODY_BYTES_MAX || atHandBytes < bodyBytes;
        ParsedStatement statement;
        if (large || isPastBounds(bodyBytes)) {
            int textIndex = Math.min(index + nameBytes + 1, index + atHandBytes);
            int textBytes = lengthToZero(body, textIndex, index + atHandBytes - textIndex);
            String text = body.toString(textIndex, Math.min(textBytes, textBytesMax), charset);
            statement = new ParsedStatement(name, text, large, charset);
        } else {
            byte[] kept = new byte[bodyBytes];
            body.getBytes(index, kept);
            statement = new ParsedStatement(name, kept, charset, textBytesMax);
        }
        if (!isPastBounds(statement.costBytes())) {
            statement.setCounted(true);
            account(1, statement.costBytes());
        }
        if (isKnown(statement)) {
            slot(name).sent = statement;
        }
        return statement;
    }

    private boolean isPastBounds(int costBytes) {
        if (count >= STATEMENTS_MAX || bytes + costBytes > BODIES_BYTES_MAX) {
            return true;
        }
        boolean room = shared.hasRoom(sharedBytes, sharedCost(costBytes));
        shortOfRoom |= !room;
        return !room;
    }

    /** The text is kept once more for the query log. */
    private long sharedCost(int costBytes) {
        return (long) ENTRY_BYTES + costBytes + Math.min(costBytes, textBytesMax);
    }

    /** One more or one less is kept. */
    private void account(int sign, int costBytes) {
        long cost = sign * sharedCost(costBytes);
        count += sign;
        bytes += (long) sign * costBytes;
        sharedBytes += cost;
        shared.add(cost);
    }

    /** Past the bounds, what has a name is not even known by it. */
    private static boolean isKnown(ParsedStatement statement) {
        return statement.isCounted() || statement.isUnnamed();
    }

    /** The statement last sent under a name. */
    public @Nullable ParsedStatement find(ByteBuf in, int index, int length) {
        Slot slot = slot(in, index, length);
        return slot == null ? null : slot.sent;
    }

    /** ParseComplete came for it. */
    public void stands(ParsedStatement statement) {
        if (!isKnown(statement)) {
            return;
        }
        Slot slot = slot(statement.name());
        forget(slot.standing, statement);
        slot.standing = statement;
    }

    /** Its Parse failed, or was skipped. */
    public void parseDropped(ParsedStatement statement) {
        forget(statement, null);
        Slot slot = slot(statement.name());
        if (slot.sent == statement) {
            slot.sent = slot.standing;
        }
        tidy(slot);
    }

    /** @return what the name stood for, if anything: for {@link #closed} or {@link #closeDropped} */
    public @Nullable ParsedStatement closeSent(ByteBuf in, int index, int length) {
        Slot slot = slot(in, index, length);
        if (slot == null) {
            return null;
        }
        ParsedStatement statement = slot.sent == null ? slot.standing : slot.sent;
        slot.sent = null;
        return statement;
    }

    /** CloseComplete came. */
    public void closed(ParsedStatement statement) {
        gone(slot(statement.name()));
    }

    /** The Close was skipped. */
    public void closeDropped(ParsedStatement statement) {
        Slot slot = slot(statement.name());
        if (slot.sent == null) {
            slot.sent = slot.standing;
        }
        tidy(slot);
    }

    /** The server dropped the unnamed statement, as each Query makes it do. */
    public void unnamedGone() {
        if (unnamed.standing != null) {
            gone(unnamed);
        }
    }

    /** DEALLOCATE of one name came to its end. */
    public void gone(String name) {
        Slot slot = named == null ? null : named.find(cut(name.getBytes(StandardCharsets.UTF_8)));
        if (slot != null) {
            gone(slot);
        }
    }

    /** DEALLOCATE ALL or DISCARD ALL came to its end. */
    public void allNamedGone() {
        if (named != null) {
            named.forEach(this::gone);
        }
    }

    /** Only the statements with these names (each character one byte) are left at the server, and the unnamed one. */
    public void onlyStanding(Set<String> names) {
        if (named != null) {
            named.forEach(slot -> {
                if (!names.contains(new String(slot.name, StandardCharsets.ISO_8859_1))) {
                    gone(slot);
                }
            });
        }
    }

    /** What stands under a name (each character one byte). */
    public @Nullable ParsedStatement standing(String name) {
        Slot slot = named == null ? null : named.find(name.getBytes(StandardCharsets.ISO_8859_1));
        return slot == null ? null : slot.standing;
    }

    public @Nullable ParsedStatement standingUnnamed() {
        return unnamed.standing;
    }

    /** All that stand under a name, in no order. */
    public List<ParsedStatement> standing() {
        List<ParsedStatement> all = new ArrayList<>();
        if (named != null) {
            named.forEach(slot -> {
                if (slot.standing != null) {
                    all.add(slot.standing);
                }
            });
        }
        return all;
    }

    /** Whether something was not kept because others keep so much, and not for its own number and size. */
    public boolean wasShortOfRoom() {
        return shortOfRoom;
    }

    /** How many are known, sent or standing. */
    public int count() {
        return count;
    }

    public void clear() {
        unnamed.sent = null;
        unnamed.standing = null;
        named = null;
        count = 0;
        bytes = 0;
        shared.add(-sharedBytes);
        sharedBytes = 0;
    }

    private void gone(Slot slot) {
        if (slot.sent == slot.standing) {
            slot.sent = null;
        }
        forget(slot.standing, null);
        slot.standing = null;
        tidy(slot);
    }

    private void forget(@Nullable ParsedStatement statement, @Nullable ParsedStatement unless) {
        if (statement != null && statement != unless && statement.isCounted()) {
            statement.setCounted(false);
            account(-1, statement.costBytes());
        }
    }

    private void tidy(Slot slot) {
        if (slot != unnamed && slot.sent == null && slot.standing == null && named != null) {
            named.remove(slot);
        }
    }

    private Slot slot(byte[] name) {
        if (name.length == 0) {
            return unnamed;
        }
        if (named == null) {
            named = new NameTable();
        }
        return named.findOrAdd(name);
    }

    private @Nullable Slot slot(ByteBuf in, int index, int length) {
        if (length == 0) {
            return unnamed;
        }
        return named == null ? null : named.find(in, index, Math.min(length, NAME_BYTES_MAX));
    }

    private static byte[] cut(byte[] name) {
        return name.length <= NAME_BYTES_MAX ? name : Arrays.copyOf(name, NAME_BYTES_MAX);
    }

    /** How many bytes lie before the next zero, or in all when there is none. */
    static int lengthToZero(ByteBuf in, int index, int length) {
        int zero = in.indexOf(index, index + length, (byte) 0);
        return zero < 0 ? length : zero - index;
    }
}
