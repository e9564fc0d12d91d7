package dev.tdb.bench.wire;

import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramAnswer;
import dev.tdb.proxy.credential.ScramClientFirst;
import dev.tdb.proxy.credential.ScramKeys;
import dev.tdb.proxy.credential.ScramServerFirst;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A login with SCRAM-SHA-256 or without any password. Keys are derived once, so that 1,000 logins cost no minute. */
final class PostgresLogin {
    private static final int PROTOCOL_3_0 = 3 << 16;
    private static final Map<KeyOf, ScramKeys> KEYS = new ConcurrentHashMap<>();

    private record KeyOf(Secret password, ScramSettings settings) {}

    private final PostgresClient client;

    PostgresLogin(PostgresClient client) {
        this.client = client;
    }

    void logIn(Endpoint endpoint) throws IOException {
        byte[] parameters = PostgresRequests.join(
                PostgresRequests.cString("user"),
                PostgresRequests.cString(endpoint.user()),
                PostgresRequests.cString("database"),
                PostgresRequests.cString(endpoint.database()),
                new byte[1]);
        client.send(ByteBuffer.allocate(8 + parameters.length)
                .putInt(8 + parameters.length)
                .putInt(PROTOCOL_3_0)
                .put(parameters)
                .array());
        ScramClientFirst first = ScramClientFirst.of(new ScramClientFirst.Binding.None(), "");
        ScramAnswer answer = null;
        while (true) {
            int type = client.readHeader();
            byte[] body = client.readBody();
            switch (type) {
                case 'R' -> answer = authenticate(ByteBuffer.wrap(body), endpoint.password(), first, answer);
                case 'E' -> throw new WireException(new String(body, StandardCharsets.UTF_8).replace('\0', ' '));
                case 'Z' -> {
                    return;
                }
                default -> {
                    // Parameters, the cancel key, notices.
                }
            }
        }
    }

    private @Nullable ScramAnswer authenticate(
            ByteBuffer body, Secret password, ScramClientFirst first, @Nullable ScramAnswer answer) throws IOException {
        int kind = body.getInt();
        String text = StandardCharsets.UTF_8.decode(body).toString();
        return switch (kind) {
            case 0 -> answer;
            case 10 -> {
                byte[] said = first.text().getBytes(StandardCharsets.UTF_8);
                byte[] length = ByteBuffer.allocate(4).putInt(said.length).array();
                client.send(PostgresRequests.message(
                        'p', PostgresRequests.join(PostgresRequests.cString("SCRAM-SHA-256"), length, said)));
                yield null;
            }
            case 11 -> {
                ScramServerFirst serverFirst = ScramServerFirst.parse(text, first);
                ScramKeys keys = KEYS.computeIfAbsent(
                        new KeyOf(password, serverFirst.settings()), of -> Scram.keys(of.password, of.settings));
                ScramAnswer said = ScramAnswer.of(first, serverFirst, keys, new byte[0]);
                client.send(PostgresRequests.message('p', said.clientFinal().getBytes(StandardCharsets.UTF_8)));
                yield said;
            }
            case 12 -> {
                if (answer == null || !answer.isProvenBy(text)) {
                    throw new WireException("the server does not know the password");
                }
                yield answer;
            }
            default -> throw new WireException("authentication method " + kind);
        };
    }
}
