package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.Capabilities;
import dev.tdb.mysql.message.HandshakeV10;
import dev.tdb.mysql.message.SSLRequest;
import dev.tdb.mysql.message.WholePacket;
import dev.tdb.proxy.route.ServerTls;

/** The server speaks first. */
record AwaitingGreeting() implements LoginState {
    @Override
    public LoginState onPacket(WholePacket packet, LoginContext context) {
        HandshakeV10 greeting = HandshakeV10.decode(packet.payload());
        int needed = Capabilities.PROTOCOL_41
                | Capabilities.PLUGIN_AUTH
                | Capabilities.SESSION_TRACK
                | Capabilities.DEPRECATE_EOF;
        if ((greeting.capabilities() & needed) != needed) {
            context.fail("a server of version " + greeting.serverVersion()
                    + ": MySQL 5.7 or MariaDB 10.2 is the oldest that will do");
            return new LoginOver();
        }
        ServerTls.Mode mode = context.tlsMode();
        boolean offered = Capabilities.has(greeting.capabilities(), Capabilities.SSL);
        if (mode == ServerTls.Mode.DISABLE || (mode == ServerTls.Mode.PREFER && !offered)) {
            return Authenticating.begin(greeting, packet.sequence() + 1, false, context);
        }
        if (!offered) {
            context.fail("the server has no TLS");
            return new LoginOver();
        }
        SSLRequest request = Authenticating.tlsRequest(greeting, context);
        context.send(packet.sequence() + 1, request::encode);
        context.actions().startTls();
        return new UpgradingToTls(greeting, packet.sequence() + 2);
    }
}
