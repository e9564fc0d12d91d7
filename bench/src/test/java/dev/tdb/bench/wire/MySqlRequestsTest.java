package dev.tdb.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MySqlRequestsTest {
    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void aTextIsAPacketWithItsCommandBeforeIt() {
        assertThat(hex(MySqlRequests.query("DO 1"))).isEqualTo("05000000" + "03" + "444f2031");
        assertThat(hex(MySqlRequests.prepare("DO ?"))).isEqualTo("05000000" + "16" + "444f203f");
        assertThat(hex(MySqlRequests.packet(3))).isEqualTo("00000003");
    }

    @Test
    void anExecutionSaysTheTypeOfItsParameterEachTime() {
        assertThat(hex(MySqlRequests.execute(7, 258)))
                .isEqualTo("12000000" + "17" + "07000000" + "00" + "01000000" + "00" + "01" + "0300" + "02010000");
        assertThat(hex(MySqlRequests.close(7))).isEqualTo("05000000" + "19" + "07000000");
    }
}
