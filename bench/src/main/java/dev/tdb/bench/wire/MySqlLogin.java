package dev.tdb.bench.wire;

import dev.tdb.mysql.message.AuthMoreData;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.AuthSwitchRequest;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.mysql.message.HandshakeResponse41;
import dev.tdb.mysql.message.HandshakeV10;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.Map;

/** A login by mysql_native_password, or by caching_sha2_password where the server remembers the user. */
final class MySqlLogin {
    private static final int CAPABILITIES = Capabilities.LONG_PASSWORD
            | Capabilities.LONG_FLAG
            | Capabilities.CONNECT_WITH_DB
            | Capabilities.LOCAL_FILES
            | Capabilities.PROTOCOL_41
            | Capabilities.TRANSACTIONS
            | Capabilities.RESERVED2
            | Capabilities.PLUGIN_AUTH
            | Capabilities.DEPRECATE_EOF;
    private static final int UTF8MB4 = 45;
    private static final int OK = 0x00;

    private final MySqlClient client;

    MySqlLogin(MySqlClient client) {
        this.client = client;
    }

    void logIn(Endpoint endpoint) throws IOException {
        client.throwError(client.readHeader());
        HandshakeV10 greeting = HandshakeV10.decode(Unpooled.wrappedBuffer(client.readPayload()));
        Secret password = endpoint.password();
        ByteBuf response = Unpooled.buffer();
        new HandshakeResponse41(
                        CAPABILITIES,
                        1 << 30,
                        UTF8MB4,
                        endpoint.user(),
                        proof(greeting.authPlugin(), password, greeting.nonce()),
                        endpoint.database(),
                        greeting.authPlugin(),
                        Map.of())
                .encode(response);
        client.answer(ByteBufUtil.getBytes(response));
        while (true) {
            int first = client.readHeader();
            client.throwError(first);
            ByteBuf payload = Unpooled.wrappedBuffer(client.readPayload());
            switch (first) {
                case OK -> {
                    return;
                }
                case AuthSwitchRequest.FIRST -> {
                    AuthSwitchRequest other = AuthSwitchRequest.decode(payload);
                    client.answer(proof(other.plugin(), password, other.nonce()).bytes());
                }
                case AuthMoreData.FIRST -> {
                    if (!AuthMoreData.decode(payload).is(AuthMoreData.FAST_AUTH_SUCCESS)) {
                        throw new WireException("the server wants the password itself");
                    }
                }
                default -> throw new WireException("packet " + first + " during a login");
            }
        }
    }

    private static Secret proof(String plugin, Secret password, Secret nonce) throws WireException {
        return switch (plugin) {
            case AuthPlugin.NATIVE -> DoubleHash.SHA1.answer(password, nonce);
            case AuthPlugin.CACHING_SHA2 -> DoubleHash.SHA256.answer(password, nonce);
            default -> throw new WireException("authentication by " + plugin);
        };
    }
}
