package dev.tdb.proxy.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Who is on this machine for certain. */
final class ClientOriginTest {
    private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_000);
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("203.0.113.7", 40_000);

    @Test
    void whoConnectsItselfIsWhereItsAddressIs() {
        assertThat(ClientOrigin.direct(HERE).isLocal()).isTrue();
        assertThat(ClientOrigin.direct(ELSEWHERE).isLocal()).isFalse();
    }

    /** What another machine calls its own loopback is not ours. */
    @Test
    void whoIsBehindAnotherIsHereOnlyIfBothAre() {
        assertThat(ClientOrigin.behind(HERE, HERE).isLocal()).isTrue();
        assertThat(ClientOrigin.behind(ELSEWHERE, HERE).isLocal()).isFalse();
        assertThat(ClientOrigin.behind(HERE, ELSEWHERE).isLocal()).isFalse();
        assertThat(ClientOrigin.behind(HERE, ELSEWHERE).address()).isEqualTo(ELSEWHERE);
    }

    @Test
    void whoIsNotNamedIsNowhereForCertain() {
        assertThat(ClientOrigin.unknownBehind(HERE)).isEqualTo(new ClientOrigin(HERE, false));
    }
}
