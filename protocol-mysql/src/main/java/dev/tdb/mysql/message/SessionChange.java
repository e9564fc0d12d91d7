package dev.tdb.mysql.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing that changed in a session, as an OK packet tells it.
 *
 * @param type one of the constants here, or of a later version
 * @param data in the server's own notation, byte for byte as ISO 8859-1
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html">Session State
 *     Information</a>
 */
public record SessionChange(int type, String data) {
    public static final int SYSTEM_VARIABLES = 0;
    public static final int SCHEMA = 1;
    public static final int STATE_CHANGE = 2;
    public static final int GTIDS = 3;
    public static final int TRANSACTION_CHARACTERISTICS = 4;
    public static final int TRANSACTION_STATE = 5;

    /** A system variable and the value it has now. */
    public record Variable(String name, String value) {}

    /** One whose data is a single text. */
    public static SessionChange of(int type, String text) {
        ByteBuf data = Unpooled.buffer();
        LengthEncoded.writeBytes(data, text.getBytes(StandardCharsets.UTF_8));
        return new SessionChange(type, data.toString(StandardCharsets.ISO_8859_1));
    }

    static List<SessionChange> decodeAll(ByteBuf in) {
        List<SessionChange> changes = new ArrayList<>();
        while (in.isReadable()) {
            int type = in.readUnsignedByte();
            changes.add(new SessionChange(type, latin1(LengthEncoded.readBytes(in))));
        }
        return List.copyOf(changes);
    }

    static void encodeAll(List<SessionChange> changes, ByteBuf out) {
        for (SessionChange change : changes) {
            out.writeByte(change.type);
            LengthEncoded.writeBytes(out, change.data.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** Of {@link #SYSTEM_VARIABLES}: MariaDB may tell of several in one entry. */
    public List<Variable> variables() {
        ByteBuf in = bytes();
        List<Variable> variables = new ArrayList<>();
        while (in.isReadable()) {
            String name = utf8(LengthEncoded.readBytes(in));
            variables.add(new Variable(name, utf8(LengthEncoded.readBytes(in))));
        }
        return List.copyOf(variables);
    }

    /** Of {@link #SCHEMA}, {@link #TRANSACTION_CHARACTERISTICS} and {@link #TRANSACTION_STATE}: their one text. */
    public Optional<String> text() {
        ByteBuf in = bytes();
        return in.isReadable() ? Optional.of(utf8(LengthEncoded.readBytes(in))) : Optional.empty();
    }

    /** Of {@link #STATE_CHANGE}: whether something changed. MySQL says it in a text, MariaDB in a bare character. */
    public boolean isStateChanged() {
        return data.endsWith("1");
    }

    private ByteBuf bytes() {
        return Unpooled.wrappedBuffer(data.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
