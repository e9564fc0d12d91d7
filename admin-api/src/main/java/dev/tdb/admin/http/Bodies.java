package dev.tdb.admin.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a request carries: its body, and what stands behind the question mark. */
final class Bodies {
    private static final int DEPTH_MAX = 32;
    static final long SKIPPED_BYTES_MAX = 4 << 20;
    private static final long LINGERED_BYTES_MAX = 256 << 20;
    private static final long DRAINED_NANOS = Duration.ofSeconds(10).toNanos();

    private final int bytesMax;
    private final JsonMapper json = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxNumberLength(100)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    Bodies(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /**
     * Reads what nobody read of the request, since a server that is not asked for it closes the connection after its reply
     * and tells nobody. Where too much is left the reply says that the connection ends.
     *
     * @return whether the whole request is read; where it is not, {@link #linger} after the reply
     */
    static boolean skip(Context context) {
        boolean whole = false;
        try {
            whole = drained(context.req().getInputStream(), SKIPPED_BYTES_MAX);
        } catch (IOException _) {
            // Cut short, or malformed: nothing can follow it.
        }
        if (!whole) {
            context.header("Connection", "close");
        }
        return whole;
    }

    /**
     * Reads on after the last reply of a connection, within bounds. Closed with bytes unread, the connection would be
     * reset, and the reset may overtake the reply on its way to a client that is still sending.
     */
    static void linger(Context context) {
        try {
            drained(context.req().getInputStream(), LINGERED_BYTES_MAX);
        } catch (IOException _) {
            // The client is gone, or sends what is no body: it has had its reply.
        }
    }

    private static boolean drained(InputStream in, long bytesMax) throws IOException {
        long begin = System.nanoTime();
        byte[] chunk = new byte[8192];
        long left = bytesMax;
        int read = in.read(chunk);
        while (read >= 0 && left > 0 && System.nanoTime() - begin < DRAINED_NANOS) {
            left -= read;
            read = in.read(chunk);
        }
        return read < 0;
    }

    /** @throws Failure {@code payload_too_large} */
    byte[] read(Context context) {
        if (context.req().getContentLengthLong() > bytesMax) {
            throw tooLarge();
        }
        try {
            byte[] bytes = context.req().getInputStream().readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw tooLarge();
            }
            return bytes;
        } catch (IOException _) {
            throw Failure.badRequest("the body ended early");
        }
    }

    private Failure tooLarge() {
        return Failure.of(Code.PAYLOAD_TOO_LARGE, "the body is larger than " + bytesMax + " bytes");
    }

    /** The body's fields. An absent body is an empty object, whatever its type. */
    Values body(byte[] bytes, String contentType, List<Field> fields) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        String text = utf8(bytes).strip();
        if (!text.isEmpty()) {
            if (!text.equals("{}")) {
                requireJson(contentType);
            }
            object = parse(text);
        }
        return Values.checked("field", "", object, fields);
    }

    private static void requireJson(String contentType) {
        String[] parts = contentType.toLowerCase(Locale.ROOT).replace(" ", "").split(";", 2);
        boolean json = parts[0].equals("application/json");
        boolean utf8 = parts.length == 1 || parts[1].matches("(charset=\"?utf-?8\"?)?;?");
        if (!json || !utf8) {
            throw Failure.of(
                    Code.UNSUPPORTED_MEDIA_TYPE,
                    contentType.isEmpty()
                            ? "the Content-Type header is missing, expected application/json"
                            : "Content-Type '" + Shown.of(contentType) + "', expected application/json in UTF-8");
        }
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException _) {
            throw Failure.badRequest("the body is not UTF-8");
        }
    }

    private ObjectNode parse(String text) {
        JsonNode node;
        try {
            node = json.readTree(text);
        } catch (JacksonException fault) {
            throw Failure.badRequest("malformed JSON" + place(fault) + ": " + Shown.of(fault.getOriginalMessage()));
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw Failure.badRequest("the body is " + Shown.of(node.toString()) + ", expected an object");
    }

    /** Where the fault is; the parser does not say when a limit was passed. */
    private static String place(JacksonException fault) {
        TokenStreamLocation location = fault.getLocation();
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** The values behind the question mark; {@code project} may always be among them. */
    Values query(Map<String, List<String>> parameters, List<Field> fields) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        parameters.forEach((name, values) -> {
            if (values.size() > 1) {
                throw Failure.badRequest("parameter '" + Shown.of(name) + "' is given " + values.size() + " times");
            }
            if (!name.equals(Front.PROJECT_PARAMETER)) {
                object.set(name, node(values.getFirst(), name, fields));
            }
        });
        return Values.checked("parameter", "", object, fields);
    }

    private static JsonNode node(String text, String name, List<Field> fields) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        boolean whole =
                fields.stream().anyMatch(field -> field.name().equals(name) && field.shape() instanceof Shape.Whole);
        boolean flag =
                fields.stream().anyMatch(field -> field.name().equals(name) && field.shape() instanceof Shape.Flag);
        if (whole && text.matches("-?[0-9]{1,18}")) {
            return nodes.numberNode(Long.parseLong(text));
        }
        if (flag && (text.equals("true") || text.equals("false"))) {
            return nodes.booleanNode(Boolean.parseBoolean(text));
        }
        return nodes.stringNode(text);
    }
}
