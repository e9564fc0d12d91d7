package dev.tdb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tdb.proxy.relay.Transport;
import org.junit.jupiter.api.Test;

class WayNameTest {
    @Test
    void aWayThroughTdbNamesItsTransportCaptureAndBuild() {
        assertThat(WayName.parse("tdb:io_uring"))
                .isEqualTo(new WayName.Tdb(Transport.IO_URING, true, "", "tdb:io_uring"));
        assertThat(WayName.parse("tdb:epoll:nocapture@old"))
                .isEqualTo(new WayName.Tdb(Transport.EPOLL, false, "old", "tdb:epoll:nocapture@old"));
        assertThat(WayName.parse("haproxy").text()).isEqualTo(Way.HAPROXY);
    }

    @Test
    void anUnknownWayIsRefusedWithWhatWasExpected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WayName.parse("tdb"))
                .withMessageContaining("tdb:epoll|io_uring|nio");
        assertThatIllegalArgumentException().isThrownBy(() -> WayName.parse("tdb:epoll:fast"));
    }
}
