package dev.tdb.postgres.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CustomSettingsTest {
    private static CustomSettings scanned(String text) {
        CustomSettings settings = new CustomSettings();
        ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        settings.scan(in, 0, in.readableBytes());
        return settings;
    }

    private static CustomSettings scannedInParts(String text, int partBytes) {
        CustomSettings settings = new CustomSettings();
        ByteBuf in = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        for (int at = 0; at < in.readableBytes(); at += partBytes) {
            settings.scanPart(in, at, Math.min(partBytes, in.readableBytes() - at));
        }
        settings.endOfParts();
        return settings;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "SET app.tenant = 'x'~app.tenant",
                "set session app.tenant to 'x'~app.tenant",
                "BEGIN;SET LOCAL app.tenant='x'~app.tenant",
                "SET/* why */\"app\".\"tenant\" = 1~app.tenant",
                "SET -- why\\n app.tenant= 1~app.tenant",
                "SELECT set_config('app.tenant', $1, false)~app.tenant",
                "SELECT pg_catalog.Set_Config ( 'app.tenant' , $1, true)~app.tenant",
                "SELECT 1 FROM (SELECT set_config('app.tenant', f(a, b), false)) AS offset~app.tenant",
            })
    void namesAreSeenHoweverTheyAreWritten(String text, String name) {
        assertThat(scanned(text.translateEscapes()).names()).containsExactly(name);
        assertThat(scanned(text.translateEscapes()).isAnyUnknown()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET work_mem = '5MB'",
                "SELECT set_config('search_path', '', false)",
                "UPDATE t SET a = b.c WHERE d.e = 1",
                "SELECT a.b FROM offset_table.x OFFSET 5",
                "SELECT reset, asset.price = 3 FROM asset",
                "SHOW app.tenant",
                "SET",
                "set_config",
                "SELECT my_set_config(a.b)",
                "",
            })
    void whatIsNoCustomSettingIsNotTaken(String text) {
        assertThat(scanned(text).names()).isEmpty();
        assertThat(scanned(text).isAnyUnknown()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "SELECT set_config($1, $2, false)~true",
                "SELECT set_config($1, $2, $3)~true",
                "SELECT set_config('app.' || $1, f(1, '),('), false)~true",
                "SELECT set_config($1, f(1, '),('), true)~false",
                "SELECT set_config($1, $2, TRUE)~false",
                "SELECT set_config(name, value, false) FROM x~true",
            })
    void aNameThatCannotBeKnownMattersUnlessItIsLocal(String text, boolean unknown) {
        assertThat(scanned(text).isAnyUnknown()).isEqualTo(unknown);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50, 255, 256, 257, 1000})
    void whereATextIsCutChangesNothing(int partBytes) {
        String filler = " /* " + "tset ".repeat(100) + " */ ";
        String text = filler + "SET app.a = 1;" + filler + "SELECT set_config('app.b', 'x', false);" + filler
                + "SELECT set_config($1, $2, true), set_config('app.c', 'y', false)" + filler;
        CustomSettings settings = scannedInParts(text, partBytes);
        assertThat(settings.names()).contains("app.a", "app.b", "app.c");
        assertThat(settings.isAnyUnknown()).isFalse();

        assertThat(scannedInParts(text + "SELECT set_config($1, $2, false)", partBytes)
                        .isAnyUnknown())
                .isTrue();
    }

    @Test
    void moreNamesThanAreKeptMakeTheRestUnknown() {
        CustomSettings settings = new CustomSettings();
        for (int i = 0; i < 257; i++) {
            ByteBuf in = Unpooled.copiedBuffer("SET app.n" + i + " = 1", StandardCharsets.ISO_8859_1);
            settings.scan(in, 0, in.readableBytes());
        }
        assertThat(settings.names()).hasSize(256);
        assertThat(settings.isAnyUnknown()).isTrue();
        settings.clear();
        assertThat(settings.isAnyUnknown()).isFalse();
    }
}
