package dev.tdb.admin.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpansTest {
    @ParameterizedTest
    @CsvSource({"10s,10000", "500ms,500", "1.5m,90000", "2h,7200000", "7d,604800000", "3,3000", "0,0"})
    void aNumberWithAUnitOrSeconds(String text, long millis) {
        assertThat(Spans.parse(text)).hasValue(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1 s", "1S", "1w", "1e3s", "9999d", "99999999999s", "١s"})
    void anythingElseIsNone(String text) {
        assertThat(Spans.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e12", "1e999999999", "999999999999999999999"})
    void secondsOutOfBoundsAreNone(String seconds) {
        assertThat(Spans.ofSeconds(new BigDecimal(seconds))).isEmpty();
    }

    @Test
    void tinyFractionsOfASecondAreNothing() {
        assertThat(Spans.ofSeconds(new BigDecimal("1e-20"))).hasValue(Duration.ZERO);
        assertThat(Spans.ofSeconds(new BigDecimal("0.25"))).hasValue(Duration.ofMillis(250));
    }

    @Test
    void repliesHaveThreeDecimals() {
        assertThat(Spans.millis(Duration.ofNanos(12_345_678))).isEqualTo(12.346);
    }
}
