package dev.tdb.postgres.codec;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The characters behind a server's {@code client_encoding}: for the query log only, since what is relayed or replayed is
 * never decoded.
 *
 * @see <a href="https://www.postgresql.org/docs/current/multibyte.html">Character Set Support</a>
 */
public final class ClientEncoding {
    private ClientEncoding() {}

    /** UTF-8 for an encoding this machine does not know. */
    public static Charset charset(String clientEncoding) {
        return switch (clientEncoding.toUpperCase(Locale.ROOT)) {
            case "UTF8", "SQL_ASCII" -> StandardCharsets.UTF_8;
            case "LATIN1" -> StandardCharsets.ISO_8859_1;
            case "LATIN2" -> named("ISO-8859-2");
            case "LATIN5" -> named("ISO-8859-9");
            case "LATIN9" -> named("ISO-8859-15");
            case "ISO_8859_5" -> named("ISO-8859-5");
            case "WIN1250" -> named("windows-1250");
            case "WIN1251" -> named("windows-1251");
            case "WIN1252" -> named("windows-1252");
            case "WIN1254" -> named("windows-1254");
            case "KOI8R" -> named("KOI8-R");
            case "SJIS", "SHIFT_JIS_2004" -> named("windows-31j");
            case "EUC_JP" -> named("EUC-JP");
            case "EUC_KR", "UHC" -> named("x-windows-949");
            case "EUC_CN", "GBK" -> named("GBK");
            case "GB18030" -> named("GB18030");
            case "BIG5" -> named("Big5");
            default -> StandardCharsets.UTF_8;
        };
    }

    private static Charset named(String name) {
        return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
