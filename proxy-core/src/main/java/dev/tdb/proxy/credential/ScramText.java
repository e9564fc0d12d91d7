package dev.tdb.proxy.credential;

import dev.tdb.proxy.refusal.ProtocolViolation;
import java.util.Base64;

/** The notation of SCRAM's messages (RFC 5802, section 7): attributes of one letter, parted by commas. */
final class ScramText {
    private ScramText() {}

    /** The attributes in their order; an empty text is one empty attribute, which no reader accepts. */
    static String[] attributes(String text) {
        if (text.indexOf('\0') >= 0) {
            throw malformed("a zero character");
        }
        return text.split(",", -1);
    }

    /** The value of the attribute that must stand at {@code index}. */
    static String value(String[] attributes, int index, char name) {
        if (index >= attributes.length) {
            throw malformed("attribute " + name + " is missing");
        }
        String attribute = attributes[index];
        if (attribute.startsWith("m=")) {
            throw malformed("a mandatory extension is not supported");
        }
        if (attribute.length() < 2 || attribute.charAt(0) != name || attribute.charAt(1) != '=') {
            throw malformed("attribute " + name + " expected");
        }
        return attribute.substring(2);
    }

    /** What stands where extensions may: one letter, an equals sign, anything; but for {@code m}, which demands. */
    static void checkExtensions(String[] attributes, int from, int to) {
        for (int i = from; i < to; i++) {
            String attribute = attributes[i];
            if (attribute.length() < 2 || !isLetter(attribute.charAt(0)) || attribute.charAt(1) != '=') {
                throw malformed("an extension is not an attribute");
            }
            if (attribute.charAt(0) == 'm') {
                throw malformed("a mandatory extension is not supported");
            }
        }
    }

    /** Checks that a nonce is what the RFC calls printable, and not empty. */
    static String nonce(String nonce) {
        if (nonce.isEmpty() || !nonce.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw malformed("a nonce of characters that are not printable");
        }
        return nonce;
    }

    static byte[] base64(String text) {
        if (text.length() % 4 != 0) {
            throw malformed("base64 without its padding");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw malformed("not base64");
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static ProtocolViolation malformed(String what) {
        return new ProtocolViolation("malformed SCRAM message: " + what);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
