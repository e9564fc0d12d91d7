package dev.tdb.proxy.credential;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;

/** Bytes that must never be shown: a password, a key, a cancel secret. Immutable; prints its length only. */
public final class Secret {
    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A secret of a copy of {@code bytes}. */
    public static Secret of(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /** A secret of the UTF-8 bytes of {@code text}. */
    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Secret ofHex(String hex) {
        return new Secret(HexFormat.of().parseHex(hex));
    }

    /** A copy; the caller owns it. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The bytes read as UTF-8: for handing a password to a driver, never to a log. */
    public String reveal() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public String revealHex() {
        return HexFormat.of().formatHex(bytes);
    }

    public int length() {
        return bytes.length;
    }

    /** Compared in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Secret[" + bytes.length + " bytes]";
    }
}
