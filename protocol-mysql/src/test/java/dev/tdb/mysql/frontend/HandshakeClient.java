package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.AuthData;
import dev.tdb.mysql.message.AuthPlugin;
import dev.tdb.mysql.message.Capabilities;
import dev.tdb.mysql.message.HandshakeResponse41;
import dev.tdb.mysql.message.HandshakeV10;
import dev.tdb.mysql.message.Packets;
import dev.tdb.mysql.message.SSLRequest;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.DoubleHash;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.testkit.port.RecordingActions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A client in the hands of a test, and the handshake that it talks to. */
final class HandshakeClient {
    static final String USER = "tdb_1";
    private static final RsaKey KEY = new RsaKey();
    static final Secret PASSWORD = Secret.of("the password");
    static final int CAPABILITIES = Capabilities.PROTOCOL_41
            | Capabilities.RESERVED2
            | Capabilities.PLUGIN_AUTH
            | Capabilities.CONNECT_WITH_DB
            | Capabilities.PLUGIN_AUTH_LENENC_CLIENT_DATA
            | Capabilities.SSL;

    final RecordingActions actions = new RecordingActions();
    final MySqlHandshake handshake;
    final HandshakeV10 greeting;
    private final ByteBuf kept = Unpooled.buffer();
    private int sequence = 1;

    HandshakeClient(String plugin) {
        actions.book = book();
        handshake = new MySqlHandshake(actions, "11.4.5-MariaDB", plugin, 0, InstantSource.system(), KEY);
        handshake.onConnected();
        greeting = HandshakeV10.decode(received().payload());
    }

    private static CredentialBook book() {
        Credential credential = new Credential(
                "key_1",
                new ProjectId(USER),
                new Scope.Tenant("acme"),
                Role.WRITE,
                CredentialBook.tokenSha256(PASSWORD),
                new ScramVerifier(PASSWORD, PASSWORD),
                DoubleHash.SHA1.stored(PASSWORD),
                Instant.MAX);
        ScramSettings scram = new ScramSettings(Secret.of("0123456789abcdef"), 4096);
        return new CredentialBook(
                Map.of(new ProjectId(USER), new CredentialBook.ProjectCredentials(scram, List.of(credential))),
                Secret.of("mock"));
    }

    Secret proof(String plugin, Secret nonce, Secret password) {
        return plugin.equals(AuthPlugin.NATIVE)
                ? DoubleHash.SHA1.answer(password, nonce)
                : DoubleHash.SHA256.answer(password, nonce);
    }

    void loginWithNative(String database) {
        login(AuthPlugin.NATIVE, DoubleHash.SHA1.answer(PASSWORD, greeting.nonce()), database);
    }

    void login(String plugin, Secret proof, String database) {
        login(CAPABILITIES, plugin, proof, database);
    }

    void login(int capabilities, String plugin, Secret proof, String database) {
        send(packet(
                new HandshakeResponse41(capabilities, 1 << 30, 45, USER, proof, database, plugin, Map.of())::encode));
    }

    void startTls() {
        send(packet(new SSLRequest(CAPABILITIES, 1 << 30, 45)::encode));
        actions.isTlsActive = true;
        handshake.onTls();
    }

    void answer(Secret data) {
        send(packet(new AuthData(data)::encode));
    }

    ByteBuf packet(Consumer<ByteBuf> payload) {
        ByteBuf out = Unpooled.buffer();
        Packets.write(out, sequence, payload);
        sequence += 2;
        return out;
    }

    void send(ByteBuf bytes) {
        kept.writeBytes(bytes);
        handshake.onBytes(kept);
    }

    byte[] sent() {
        return ByteBufUtil.getBytes(actions.takeSent());
    }

    /** The one packet that was sent since the last call. */
    WholePacket received() {
        return WholePacket.read(actions.takeSent(), 1000).orElseThrow();
    }
}
