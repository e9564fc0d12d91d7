package dev.tdb.it;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.StringPreparation;
import com.ongres.scram.common.exception.ScramException;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.testkit.contract.Pace;
import dev.tdb.testkit.contract.Reply;
import dev.tdb.testkit.contract.Who;
import dev.tdb.testkit.wire.Bytes;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL client that does nothing by itself. */
final class PostgresRawClient extends RawSocketClient {
    private int processId;
    private byte[] cancelKey = new byte[0];

    private PostgresRawClient(InetSocketAddress proxy) throws IOException {
        super(proxy);
    }

    static PostgresRawClient dial(InetSocketAddress proxy) throws IOException {
        return new PostgresRawClient(proxy);
    }

    /** Connected and let in, as the application of a tenant. */
    static PostgresRawClient login(Endpoint endpoint) throws IOException {
        PostgresRawClient client = dial(new InetSocketAddress(endpoint.host(), endpoint.port()));
        Reply reply =
                client.login(new Who(endpoint.user(), Secret.of(endpoint.password()), endpoint.database()), Pace.WHOLE);
        if (!(reply instanceof Reply.Done)) {
            throw new IOException("not let in: " + reply);
        }
        return client;
    }

    // ---- login

    @Override
    public Reply login(Who who, Pace pace) throws IOException {
        try {
            say(PostgresMessages.startup(who.user(), who.database()), pace);
            return authenticate(who, pace);
        } catch (EOFException | SocketException e) {
            return new Reply.Gone();
        } catch (ScramException e) {
            throw new IOException("the proxy's side of SCRAM is wrong", e);
        }
    }

    private Reply authenticate(Who who, Pace pace) throws IOException, ScramException {
        @Nullable ScramClient scram = null;
        while (true) {
            Message message = read();
            switch (message.type()) {
                case 'R' -> {
                    int kind = message.intAt(0);
                    if (kind == 10) {
                        scram = ScramClient.builder()
                                .advertisedMechanisms(message.textsFrom(4))
                                .username("*")
                                .password(who.password().reveal().toCharArray())
                                .stringPreparation(StringPreparation.POSTGRESQL_PREPARATION)
                                .build();
                        byte[] first = utf8(scram.clientFirstMessage().toString());
                        say(
                                PostgresMessages.saslInitialResponse(
                                        scram.getScramMechanism().getName(), first),
                                pace);
                    } else if (kind == 11 && scram != null) {
                        scram.serverFirstMessage(message.textFrom(4));
                        say(
                                PostgresMessages.saslResponse(
                                        utf8(scram.clientFinalMessage().toString())),
                                pace);
                    } else if (kind == 12 && scram != null) {
                        scram.serverFinalMessage(message.textFrom(4));
                    } else if (kind != 0) {
                        throw new IOException("authentication " + kind + " out of turn");
                    }
                }
                case 'K' -> {
                    processId = message.intAt(0);
                    cancelKey = message.from(4);
                }
                case 'E' -> {
                    return message.failed();
                }
                case 'Z' -> {
                    return new Reply.Done(0);
                }
                case 'S', 'N', 'v' -> {
                    // Parameters and notices are not what the contracts are about.
                }
                default -> throw new IOException("message " + message.type() + " during login");
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // ---- units

    /** Takes the body of a message, to its last byte. */
    interface Reader {
        void take(char type, int length, InputStream body) throws IOException;
    }

    @Override
    public Reply receive() throws IOException {
        return receive((_, length, body) -> body.skipNBytes(length));
    }

    /** The next reply, of which all messages but errors are given to {@code reader} as they come. */
    Reply receive(Reader reader) throws IOException {
        DataInputStream in = in();
        long bytes = 0;
        Reply.@Nullable Failed failed = null;
        try {
            while (true) {
                char type = (char) in.readUnsignedByte();
                int length = in.readInt() - 4;
                bytes += 5 + length;
                if (type == 'E') {
                    if (failed != null) {
                        throw new AssertionError("a second error behind " + failed);
                    }
                    failed = new Message(type, in.readNBytes(length)).failed();
                    if (failed.last()) {
                        return failed;
                    }
                } else {
                    reader.take(type, length, in);
                }
                if (type == 'Z') {
                    return failed == null ? new Reply.Done(bytes) : failed;
                }
            }
        } catch (EOFException | SocketException e) {
            return new Reply.Gone();
        }
    }

    private Message read() throws IOException {
        DataInputStream in = in();
        char type = (char) in.readUnsignedByte();
        int length = in.readInt() - 4;
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException();
        }
        return new Message(type, body);
    }

    // ---- cancel

    @Override
    public void cancel() throws IOException {
        cancel(cancelKey);
    }

    @Override
    public void cancelWithWrongSecret() throws IOException {
        byte[] wrong = cancelKey.clone();
        wrong[wrong.length - 1] ^= 1;
        cancel(wrong);
    }

    private void cancel(byte[] key) throws IOException {
        try (Socket other = connect(proxy())) {
            PostgresMessages.cancelRequest(processId, key).writeTo(other.getOutputStream());
            int answer = other.getInputStream().read();
            if (answer >= 0) {
                throw new AssertionError("a cancel request was answered with byte " + answer);
            }
        }
    }

    @Override
    Bytes goodbye() {
        return PostgresMessages.terminate();
    }

    /** A server's message that is read whole. */
    private static final class Message {
        private final char type;
        private final byte[] body;

        private Message(char type, byte[] body) {
            this.type = type;
            this.body = body;
        }

        char type() {
            return type;
        }

        int intAt(int index) {
            return java.nio.ByteBuffer.wrap(body).getInt(index);
        }

        byte[] from(int index) {
            return java.util.Arrays.copyOfRange(body, index, body.length);
        }

        String textFrom(int index) {
            return new String(body, index, body.length - index, StandardCharsets.UTF_8);
        }

        List<String> textsFrom(int index) {
            return List.of(textFrom(index).replaceFirst("\0+$", "").split("\0"));
        }

        Reply.Failed failed() {
            String severity = "";
            String code = "";
            String sentence = "";
            for (String field : textsFrom(0)) {
                switch (field.charAt(0)) {
                    case 'V' -> severity = field.substring(1);
                    case 'C' -> code = field.substring(1);
                    case 'M' -> sentence = field.substring(1);
                    default -> {
                        // Detail, hint, place in the source.
                    }
                }
            }
            return new Reply.Failed(code, sentence, severity.equals("FATAL") || severity.equals("PANIC"));
        }
    }
}
