package dev.tdb.postgres.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommandTagTest {
    @ParameterizedTest
    @CsvSource({
        "SELECT 5,5",
        "INSERT 0 12,12",
        "UPDATE 0,0",
        "COPY 123456789012,123456789012",
        "CREATE TABLE,-1",
        "BEGIN,-1",
        "7,-1",
        "SELECT 99999999999999999999999,-1",
        "CREATE T3,-1",
        "'',-1",
    })
    void theRowCountStandsAtTheEnd(String tag, long rows) {
        ByteBuf body = Unpooled.copiedBuffer(tag + '\0', StandardCharsets.US_ASCII);
        assertThat(CommandTag.rows(body, 0, body.readableBytes())).isEqualTo(rows);
    }

    @Test
    void aTagIsRecognisedWhole() {
        ByteBuf body = Unpooled.copiedBuffer("DISCARD ALL\0", StandardCharsets.US_ASCII);
        assertThat(CommandTag.is("DISCARD ALL", body, 0, 12)).isTrue();
        assertThat(CommandTag.is("DISCARD", body, 0, 12)).isFalse();
        assertThat(CommandTag.rows(body, 0, 0)).isEqualTo(-1);
    }
}
