package dev.tdb.postgres.codec;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Slots by name, found from the bytes of a message without making a String of them. Belongs to one event loop. */
final class NameTable {
    /** Odd, and not known to clients, who choose the names. */
    private static final int MULTIPLIER = ThreadLocalRandom.current().nextInt() | 1;

    private static final int FIRST_CAPACITY = 16;

    /** What is known of one name: the last statement sent under it, and the one that stands at the server. */
    static final class Slot {
        final byte[] name;
        private final int hash;
        private @Nullable Slot next;

        @Nullable
        ParsedStatement sent;

        @Nullable
        ParsedStatement standing;

        Slot(byte[] name, int hash) {
            this.name = name;
            this.hash = hash;
        }
    }

    private @Nullable Slot[] heads = new Slot[FIRST_CAPACITY];
    private int size;

    @Nullable
    Slot find(ByteBuf in, int index, int length) {
        int hash = 1;
        for (int i = 0; i < length; i++) {
            hash = hash * MULTIPLIER + in.getByte(index + i);
        }
        hash ^= hash >>> 16;
        for (Slot slot = heads[hash & (heads.length - 1)]; slot != null; slot = slot.next) {
            if (slot.hash == hash && slot.name.length == length && isEqual(slot.name, in, index)) {
                return slot;
            }
        }
        return null;
    }

    @Nullable
    Slot find(byte[] name) {
        int hash = hash(name);
        for (Slot slot = heads[hash & (heads.length - 1)]; slot != null; slot = slot.next) {
            if (slot.hash == hash && Arrays.equals(slot.name, name)) {
                return slot;
            }
        }
        return null;
    }

    Slot findOrAdd(byte[] name) {
        Slot found = find(name);
        if (found != null) {
            return found;
        }
        if (size >= heads.length) {
            grow();
        }
        Slot added = new Slot(name, hash(name));
        link(added);
        size++;
        return added;
    }

    void remove(Slot gone) {
        int at = gone.hash & (heads.length - 1);
        Slot before = null;
        for (Slot slot = heads[at]; slot != null; slot = slot.next) {
            if (slot == gone) {
                if (before == null) {
                    heads[at] = slot.next;
                } else {
                    before.next = slot.next;
                }
                size--;
                return;
            }
            before = slot;
        }
    }

    /** The consumer may remove the slot it is given, and no other. */
    void forEach(Consumer<Slot> consumer) {
        for (Slot head : heads) {
            Slot slot = head;
            while (slot != null) {
                Slot next = slot.next;
                consumer.accept(slot);
                slot = next;
            }
        }
    }

    int size() {
        return size;
    }

    private void grow() {
        @Nullable Slot[] old = heads;
        heads = new Slot[2 * old.length];
        for (Slot head : old) {
            Slot slot = head;
            while (slot != null) {
                Slot next = slot.next;
                link(slot);
                slot = next;
            }
        }
    }

    private void link(Slot slot) {
        int at = slot.hash & (heads.length - 1);
        slot.next = heads[at];
        heads[at] = slot;
    }

    private static int hash(byte[] name) {
        int hash = 1;
        for (byte b : name) {
            hash = hash * MULTIPLIER + b;
        }
        return hash ^ (hash >>> 16);
    }

    private static boolean isEqual(byte[] name, ByteBuf in, int index) {
        for (int i = 0; i < name.length; i++) {
            if (name[i] != in.getByte(index + i)) {
                return false;
            }
        }
        return true;
    }
}
