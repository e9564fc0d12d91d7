package dev.tdb.mysql.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionChangeTest {
    @ParameterizedTest
    @CsvSource({"0131, true", "0130, false", "31, true", "30, false"})
    void stateHasChangedInTheNotationOfEitherProduct(String hex, boolean changed) {
        String data = new String(ByteBufUtil.decodeHexDump(hex), StandardCharsets.US_ASCII);

        assertThat(new SessionChange(SessionChange.STATE_CHANGE, data).isStateChanged())
                .isEqualTo(changed);
    }
}
