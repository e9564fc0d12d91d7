package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.AuthData;
import dev.tdb.mysql.message.AuthMoreData;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.AuthSwitchRequest;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.mysql.message.HandshakeResponse41;
import dev.tdb.mysql.message.HandshakeV10;
import dev.tdb.mysql.message.OkPacket;
import dev.tdb.mysql.message.SSLRequest;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.Secret;
import java.util.Map;

/**
 * We said who we are and proved it in some way; the server may want another one.
 *
 * @param nonce that the present proof is made with
 * @param isTls whether the password itself may be shown
 */
record Authenticating(HandshakeV10 greeting, String plugin, Secret nonce, boolean isTls) implements LoginState {
    private static final int OURS = Capabilities.LONG_PASSWORD
            | Capabilities.LONG_FLAG
            | Capabilities.CONNECT_WITH_DB
            | Capabilities.PROTOCOL_41
            | Capabilities.TRANSACTIONS
            | Capabilities.RESERVED2
            | Capabilities.PLUGIN_AUTH
            | Capabilities.CONNECT_ATTRS
            | Capabilities.PLUGIN_AUTH_LENENC_CLIENT_DATA
            | Capabilities.SESSION_TRACK
            | Capabilities.DEPRECATE_EOF;

    private static final int PACKET_BYTES_MAX = 1 << 30;
    private static final Map<String, String> ATTRIBUTES = Map.of("program_name", "tdb");

    static SSLRequest tlsRequest(HandshakeV10 greeting, LoginContext context) {
        int capabilities = capabilities(greeting, context) | Capabilities.SSL;
        return new SSLRequest(capabilities, PACKET_BYTES_MAX, context.profile().collation());
    }

    static LoginState begin(HandshakeV10 greeting, int sequence, boolean isTls, LoginContext context) {
        int capabilities = capabilities(greeting, context) | (isTls ? Capabilities.SSL : 0);
        boolean known = greeting.authPlugin().equals(AuthPlugin.CACHING_SHA2);
        String plugin = known ? AuthPlugin.CACHING_SHA2 : AuthPlugin.NATIVE;
        HandshakeResponse41 response = new HandshakeResponse41(
                capabilities,
                PACKET_BYTES_MAX,
                context.profile().collation(),
                context.login().user(),
                proof(plugin, greeting.nonce(), context),
                context.database(),
                plugin,
                ATTRIBUTES);
        context.send(sequence, response::encode);
        return new Authenticating(greeting, plugin, greeting.nonce(), isTls);
    }

    /** What we agree to. */
    static int capabilities(HandshakeV10 greeting, LoginContext context) {
        int ours = context.database().isEmpty() ? OURS & ~Capabilities.CONNECT_WITH_DB : OURS;
        return (ours | context.profile().flags()) & greeting.capabilities();
    }

    private static Secret proof(String plugin, Secret nonce, LoginContext context) {
        Secret password = context.login().password();
        if (password.length() == 0) {
            return password;
        }
        return plugin.equals(AuthPlugin.CACHING_SHA2)
                ? DoubleHash.SHA256.answer(password, nonce)
                : DoubleHash.SHA1.answer(password, nonce);
    }

    @Override
    public LoginState onPacket(WholePacket packet, LoginContext context) {
        return switch (packet.first()) {
            case OkPacket.OK -> SettingUp.begin(greeting, context);
            case AuthSwitchRequest.FIRST -> switchTo(AuthSwitchRequest.decode(packet.payload()), packet, context);
            case AuthMoreData.FIRST -> more(AuthMoreData.decode(packet.payload()), packet, context);
            default -> throw unexpected(packet);
        };
    }

    private LoginState switchTo(AuthSwitchRequest request, WholePacket packet, LoginContext context) {
        int sequence = packet.sequence() + 1;
        return switch (request.plugin()) {
            case AuthPlugin.NATIVE, AuthPlugin.CACHING_SHA2 -> {
                AuthData answer = new AuthData(proof(request.plugin(), request.nonce(), context));
                context.send(sequence, answer::encode);
                yield new Authenticating(greeting, request.plugin(), request.nonce(), isTls);
            }
            case AuthPlugin.CLEAR -> {
                // Our logins are never of that kind. Whoever asks may be anybody, unless its certificate says who it
                // is.
                if (!isTls || !context.isServerVerified()) {
                    yield refuse("the server wants the password itself, and nothing proves that it is ours", context);
                }
                sendPassword(sequence, context);
                yield new Authenticating(greeting, request.plugin(), request.nonce(), true);
            }
            default -> refuse("the server wants a login by " + request.plugin(), context);
        };
    }

    private LoginState more(AuthMoreData data, WholePacket packet, LoginContext context) {
        if (!plugin.equals(AuthPlugin.CACHING_SHA2)) {
            throw unexpected(packet);
        }
        int sequence = packet.sequence() + 1;
        if (data.is(AuthMoreData.FAST_AUTH_SUCCESS)) {
            return this;
        }
        if (data.is(AuthMoreData.PERFORM_FULL_AUTHENTICATION)) {
            // A server that was just started knows nobody yet.
            if (isTls) {
                sendPassword(sequence, context);
            } else {
                AuthData ask = new AuthData(Secret.of(new byte[] {AuthMoreData.REQUEST_PUBLIC_KEY}));
                context.send(sequence, ask::encode);
            }
            return this;
        }
        Secret password = context.login().password();
        String key = new AuthData(data.data()).text();
        context.encipher(() -> RsaPassword.encipher(password, nonce, key));
        return new Enciphering(this, sequence);
    }

    private static void sendPassword(int sequence, LoginContext context) {
        AuthData password = AuthData.ofPassword(context.login().password());
        context.send(sequence & 0xff, password::encode);
    }

    private static LoginState refuse(String reason, LoginContext context) {
        context.fail(reason);
        return new LoginOver();
    }
}
