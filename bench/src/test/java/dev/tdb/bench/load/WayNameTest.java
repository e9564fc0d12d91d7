package dev.tdb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tdb.proxy.relay.Transport;
import org.junit.jupiter.api.Test;

class WayNameTest {
    @Test
    void aWayOfOursNamesItsTransportCaptureAndVariant() {
        assertThat(WayName.parse("tdb:io_uring")).isEqualTo(new WayName.Tdb(Transport.IO_URING, true, "tdb:io_uring"));
        assertThat(WayName.parse("tdb:epoll:nocapture"))
                .isEqualTo(new WayName.Tdb(Transport.EPOLL, false, "tdb:epoll:nocapture"));
        assertThat(WayName.parse("path:epoll")).isEqualTo(new WayName.Path(Transport.EPOLL, true, "", "path:epoll"));
        assertThat(WayName.parse("path:epoll:nocapture@old"))
                .isEqualTo(new WayName.Path(Transport.EPOLL, false, "old", "path:epoll:nocapture@old"));
        assertThat(WayName.parse("mysqlrouter")).isEqualTo(new WayName.Router());
        assertThat(WayName.parse("haproxy").text()).isEqualTo(Way.HAPROXY);
    }

    @Test
    void anUnknownWayIsRefusedWithWhatWasExpected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WayName.parse("tdb"))
                .withMessageContaining("tdb:epoll|io_uring|nio");
        assertThatIllegalArgumentException().isThrownBy(() -> WayName.parse("path:epoll:fast"));
        assertThatIllegalArgumentException().isThrownBy(() -> WayName.parse("tdb:epoll@old"));
    }
}
