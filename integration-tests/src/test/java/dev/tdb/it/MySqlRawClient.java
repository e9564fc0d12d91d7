package dev.tdb.it;

import dev.tdb.testkit.contract.Pace;
import dev.tdb.testkit.contract.Reply;
import dev.tdb.testkit.contract.Unit;
import dev.tdb.testkit.contract.Who;
import dev.tdb.testkit.wire.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A MySQL client that does nothing by itself. It follows what it sends, to know what a reply is one to. */
final class MySqlRawClient extends RawSocketClient {
    private static final int CAPABILITIES = 1 // LONG_PASSWORD
            | 1 << 3 // CONNECT_WITH_DB
            | 1 << 9 // PROTOCOL_41
            | 1 << 13 // TRANSACTIONS
            | 1 << 15 // SECURE_CONNECTION
            | 1 << 16 // MULTI_STATEMENTS
            | 1 << 17 // MULTI_RESULTS
            | 1 << 19 // PLUGIN_AUTH
            | 1 << 21 // PLUGIN_AUTH_LENENC_CLIENT_DATA
            | 1 << 23 // SESSION_TRACK
            | 1 << 24; // DEPRECATE_EOF

    private static final String NATIVE = "mysql_native_password";
    private static final String CACHING_SHA2 = "caching_sha2_password";
    private static final int MORE_RESULTS = 8;
    private static final int PAYLOAD_MAX = 0xffffff;
    /** The codes of errors that leave a connection usable; the protocol itself does not say it. */
    private static final Set<String> NOT_LAST = Set.of("1205", "1317");

    private static final Set<Integer> WITHOUT_REPLY =
            Set.of(MySqlMessages.QUIT, MySqlMessages.STMT_CLOSE, MySqlMessages.STMT_SEND_LONG_DATA);

    private final ArrayDeque<Integer> asked = new ArrayDeque<>();
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private long payloadToCome;
    private boolean continued;
    private int connectionId;
    private int lastSequence;
    private @Nullable Who who;

    private MySqlRawClient(InetSocketAddress proxy) throws IOException {
        super(proxy);
    }

    static MySqlRawClient dial(InetSocketAddress proxy) throws IOException {
        return new MySqlRawClient(proxy);
    }

    /** What the other side calls this connection. */
    int connectionId() {
        return connectionId;
    }

    // ---- login

    @Override
    public Reply login(Who whoever, Pace pace) throws IOException {
        who = whoever;
        try {
            byte[] greeting = readPayload();
            if ((greeting[0] & 0xff) == 0xff) {
                return failed(greeting);
            }
            return authenticate(whoever, greeting, pace);
        } catch (EOFException | SocketException e) {
            return new Reply.Gone();
        }
    }

    private Reply authenticate(Who whoever, byte[] greeting, Pace pace) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(greeting).order(ByteOrder.LITTLE_ENDIAN);
        in.get();
        text(in);
        connectionId = in.getInt();
        byte[] nonce = new byte[20];
        in.get(nonce, 0, 8);
        in.position(in.position() + 1 + 2 + 1 + 2 + 2 + 1 + 10);
        in.get(nonce, 8, 12);
        in.get();
        String plugin = text(in);
        say(MySqlMessages.packets(1, response(whoever, plugin, proof(whoever, plugin, nonce))), pace);
        while (true) {
            byte[] payload = readPayload();
            switch (payload[0] & 0xff) {
                case 0x00 -> {
                    return new Reply.Done(0);
                }
                case 0xff -> {
                    return failed(payload);
                }
                case 0xfe -> {
                    ByteBuffer request = ByteBuffer.wrap(payload);
                    request.get();
                    String other = text(request);
                    byte[] again = Arrays.copyOfRange(payload, request.position(), request.position() + 20);
                    say(MySqlMessages.packets(lastSequence + 1, proof(whoever, other, again)), pace);
                }
                case 0x01 -> {
                    if (payload[1] != 3) {
                        throw new IOException("full authentication is not for a client without TLS");
                    }
                }
                default -> throw new IOException("packet " + payload[0] + " during login");
            }
        }
    }

    private static byte[] response(Who whoever, String plugin, byte[] proof) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(9)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(CAPABILITIES)
                .putInt(1 << 30)
                .put((byte) 45)
                .array());
        out.writeBytes(new byte[23]);
        out.writeBytes(MySqlMessages.zeroTerminated(whoever.user()));
        out.write(proof.length);
        out.writeBytes(proof);
        out.writeBytes(MySqlMessages.zeroTerminated(whoever.database()));
        out.writeBytes(MySqlMessages.zeroTerminated(plugin));
        return out.toByteArray();
    }

    private static byte[] proof(Who whoever, String plugin, byte[] nonce) throws IOException {
        try {
            byte[] password = whoever.password().bytes();
            return switch (plugin) {
                case NATIVE -> {
                    byte[] once = hash("SHA-1", password);
                    yield xor(once, hash("SHA-1", nonce, hash("SHA-1", once)));
                }
                case CACHING_SHA2 -> {
                    byte[] once = hash("SHA-256", password);
                    yield xor(once, hash("SHA-256", hash("SHA-256", once), nonce));
                }
                default -> throw new IOException("plugin " + plugin);
            };
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static byte[] hash(String algorithm, byte[]... parts) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance(algorithm);
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    private static byte[] xor(byte[] left, byte[] right) {
        byte[] result = left.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= right[i];
        }
        return result;
    }

    private static String text(ByteBuffer in) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte next = in.get(); next != 0; next = in.get()) {
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    // ---- units

    @Override
    public void send(Bytes bytes) throws IOException {
        follow(bytes.toArray());
        super.send(bytes);
    }

    /** Notes the commands that will be answered, however the bytes are cut. */
    private void follow(byte[] bytes) {
        for (int at = 0; at < bytes.length; ) {
            if (payloadToCome > 0) {
                int count = (int) Math.min(payloadToCome, bytes.length - at);
                payloadToCome -= count;
                at += count;
            } else {
                header.write(bytes[at++]);
                int needed = continued ? 4 : 5;
                if (header.size() == needed) {
                    byte[] whole = header.toByteArray();
                    header.reset();
                    int length = (whole[0] & 0xff) | (whole[1] & 0xff) << 8 | (whole[2] & 0xff) << 16;
                    if (!continued && !WITHOUT_REPLY.contains(whole[4] & 0xff)) {
                        asked.add(whole[4] & 0xff);
                    }
                    payloadToCome = continued ? length : length - 1;
                    continued = length == PAYLOAD_MAX;
                }
            }
        }
    }

    @Override
    public Reply receive() throws IOException {
        try {
            int code = asked.isEmpty() ? MySqlMessages.QUERY : asked.getFirst();
            Reply reply = code == MySqlMessages.STMT_PREPARE ? prepared() : replied();
            asked.poll();
            return reply;
        } catch (EOFException | SocketException e) {
            return new Reply.Gone();
        }
    }

    private Reply prepared() throws IOException {
        byte[] first = readPayload();
        if ((first[0] & 0xff) == 0xff) {
            return failed(first);
        }
        ByteBuffer ok = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN);
        int definitions = (ok.getShort(5) & 0xffff) + (ok.getShort(7) & 0xffff);
        long bytes = first.length;
        for (int i = 0; i < definitions; i++) {
            bytes += readPayload().length;
        }
        return new Reply.Done(bytes);
    }

    private Reply replied() throws IOException {
        long bytes = 0;
        boolean rows = false;
        int definitions = 0;
        int next = 1;
        while (true) {
            byte[] payload = readPayload();
            if (lastSequence != (next & 0xff) && asked.size() > 0 && bytes > 0) {
                throw new AssertionError("packet " + lastSequence + " where " + next + " is due");
            }
            next = lastSequence + 1;
            bytes += payload.length + 4;
            int first = payload.length == 0 ? -1 : payload[0] & 0xff;
            if (first == 0xff) {
                return failed(payload);
            }
            if (definitions > 0) {
                definitions--;
                rows = definitions == 0;
            } else if (rows ? first == 0xfe && payload.length < PAYLOAD_MAX : first == 0 || first == 0xfe) {
                rows = false;
                if ((status(payload) & MORE_RESULTS) == 0) {
                    return new Reply.Done(bytes);
                }
            } else if (!rows) {
                definitions = first;
            }
        }
    }

    private static int status(byte[] ok) {
        int at = 1;
        for (int i = 0; i < 2; i++) {
            int first = ok[at] & 0xff;
            at += first == 0xfc ? 3 : first == 0xfd ? 4 : first == 0xfe ? 9 : 1;
        }
        return (ok[at] & 0xff) | (ok[at + 1] & 0xff) << 8;
    }

    private static Reply.Failed failed(byte[] payload) {
        String code = Integer.toString((payload[1] & 0xff) | (payload[2] & 0xff) << 8);
        int at = payload.length > 3 && payload[3] == '#' ? 9 : 3;
        String sentence = new String(payload, at, payload.length - at, StandardCharsets.UTF_8);
        return new Reply.Failed(code, sentence, !NOT_LAST.contains(code));
    }

    /** A long value comes in several packets. */
    private byte[] readPayload() throws IOException {
        byte[] payload = readPacket();
        int length = payload.length;
        while (length == PAYLOAD_MAX) {
            byte[] more = readPacket();
            length = more.length;
            payload = Arrays.copyOf(payload, payload.length + more.length);
            System.arraycopy(more, 0, payload, payload.length - more.length, more.length);
        }
        return payload;
    }

    private byte[] readPacket() throws IOException {
        int length = in().readUnsignedByte() | in().readUnsignedByte() << 8 | in().readUnsignedByte() << 16;
        lastSequence = in().readUnsignedByte();
        byte[] payload = in().readNBytes(length);
        if (payload.length < length) {
            throw new EOFException();
        }
        return payload;
    }

    // ---- cancel

    @Override
    public void cancel() throws IOException {
        kill(connectionId);
    }

    /** There is no secret in this protocol but the password: another number stands for another session. */
    @Override
    public void cancelWithWrongSecret() throws IOException {
        kill(connectionId ^ 0x4000_0000);
    }

    private void kill(int id) throws IOException {
        if (who == null) {
            throw new IllegalStateException("nobody logged in");
        }
        try (MySqlRawClient other = dial(proxy())) {
            Reply in = other.login(who, Pace.WHOLE);
            if (!(in instanceof Reply.Done)) {
                throw new AssertionError("a second connection was told " + in);
            }
            other.call(Unit.of(MySqlMessages.query("KILL QUERY " + id)));
        }
    }

    @Override
    Bytes goodbye() {
        return MySqlMessages.command(MySqlMessages.QUIT);
    }
}
