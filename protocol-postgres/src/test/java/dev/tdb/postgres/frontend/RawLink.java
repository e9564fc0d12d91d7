package dev.tdb.postgres.frontend;

import dev.tdb.postgres.backend.PostgresLinkFacts;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.WholeMessage;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.credential.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A blocking connection to a {@link RawServer}, logged in as the tenant. Strings are bytes, each character one. */
final class RawLink implements AutoCloseable {
    private final Socket socket;
    private final PostgresLinkFacts facts;

    RawLink(RawServer server, String database, Map<String, String> parameters) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        ByteBuf startup = Unpooled.buffer();
        startup.writeInt(0).writeInt(3 << 16);
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put("user", "tenant");
        all.put("database", database);
        all.forEach((name, value) -> {
            ClientBytes.string(startup, name);
            ClientBytes.string(startup, value);
        });
        startup.writeByte(0);
        startup.setInt(0, startup.writerIndex());
        socket.getOutputStream().write(startup.array(), 0, startup.writerIndex());
        Map<String, String> reported = new LinkedHashMap<>();
        for (WholeMessage message = next(); message.type() != 'Z'; message = next()) {
            if (message.type() == 'S') {
                ParameterStatus status = ParameterStatus.decode(message.body());
                reported.put(status.name(), status.value());
            } else if (message.type() == 'E') {
                throw new AssertionError(message.body().toString(StandardCharsets.UTF_8));
            }
        }
        facts = new PostgresLinkFacts(reported, 7, Secret.of(new byte[4]), 0);
    }

    PostgresLinkFacts facts() {
        return facts;
    }

    <R> R ask(Exchange<R> exchange) throws IOException {
        ByteBuf request = exchange.request(UnpooledByteBufAllocator.DEFAULT);
        send(bytes(request));
        request.release();
        ByteBuf in = Unpooled.buffer();
        Optional<R> result = exchange.onBytes(in);
        while (result.isEmpty()) {
            byte[] more = readSome();
            in.writeBytes(more);
            result = exchange.onBytes(in);
            in.discardReadBytes();
        }
        if (in.isReadable()) {
            throw new AssertionError(in.readableBytes() + " bytes of the answer are left");
        }
        return result.get();
    }

    /** Sends what the conversation forwards, and shows it the replies up to the {@code readyCount}th ReadyForQuery. */
    void relay(PostgresConversation conversation, int readyCount, byte[]... messages) throws IOException {
        ByteBuf in = Unpooled.wrappedBuffer(messages);
        int count = conversation.fromClient(in, false);
        byte[] forwarded = new byte[count];
        in.readBytes(forwarded);
        send(forwarded);
        int ready = 0;
        while (ready < readyCount) {
            WholeMessage message = next();
            ByteBuf bytes = Unpooled.buffer();
            bytes.writeByte(message.type()).writeInt(4 + message.body().readableBytes());
            bytes.writeBytes(message.body());
            conversation.fromServer(bytes);
            if (message.type() == 'Z') {
                ready++;
            }
        }
    }

    /** The rows of a simple Query, columns joined by {@code |}; an error is its SQLSTATE. */
    List<String> query(String sql) throws IOException {
        return rows(ClientBytes.query(sql));
    }

    /** One value. */
    String value(String sql) throws IOException {
        return String.join("\n", query(sql));
    }

    /** The rows that come up to the next ReadyForQuery. */
    List<String> rows(byte[]... messages) throws IOException {
        send(ClientBytes.all(messages));
        List<String> rows = new ArrayList<>();
        for (WholeMessage message = next(); message.type() != 'Z'; message = next()) {
            if (message.type() == 'D') {
                rows.add(row(message.body()));
            } else if (message.type() == 'E') {
                String fields = message.body().toString(StandardCharsets.ISO_8859_1);
                rows.add(fields.substring(fields.indexOf("\0C") + 2, fields.indexOf("\0C") + 7));
            } else if (message.type() == 'N') {
                rows.add("notice");
            }
        }
        return rows;
    }

    private static String row(ByteBuf body) {
        List<String> values = new ArrayList<>();
        int columns = body.readUnsignedShort();
        for (int i = 0; i < columns; i++) {
            int length = body.readInt();
            values.add(length < 0 ? "NULL" : body.readString(length, StandardCharsets.ISO_8859_1));
        }
        return String.join("|", values);
    }

    private void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    private byte[] readSome() throws IOException {
        byte[] some = new byte[7];
        int count = socket.getInputStream().read(some);
        if (count < 0) {
            throw new IOException("the server closed the connection");
        }
        return Arrays.copyOf(some, count);
    }

    private WholeMessage next() throws IOException {
        InputStream in = socket.getInputStream();
        ByteBuf header = Unpooled.wrappedBuffer(in.readNBytes(5));
        byte type = header.readByte();
        return new WholeMessage(type, Unpooled.wrappedBuffer(in.readNBytes(header.readInt() - 4)));
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
