package dev.tdb.proxy.credential;

import dev.tdb.proxy.refusal.ProtocolViolation;

/**
 * A client's first SCRAM message (RFC 5802, section 7, client-first-message).
 *
 * @param binding what the client says of channel binding
 * @param user the name it gives here, which protocols that were told it before disregard; may be empty
 * @param nonce the client's half
 * @param bare the message without its GSS-API header, extensions included: it is hashed as it came
 */
public record ScramClientFirst(Binding binding, String user, String nonce, String bare) {
    /** The name of the only channel binding we have (RFC 5929). */
    public static final String TLS_SERVER_END_POINT = "tls-server-end-point";

    /** The channel binding flag at the head of the message. */
    public sealed interface Binding {
        /** The GSS-API header that goes with it, without an authorization identity. */
        String header();

        /** {@code n}: the client has no channel binding. */
        record None() implements Binding {
            @Override
            public String header() {
                return "n,,";
            }
        }

        /** {@code y}: it has, and thinks that the server has not. */
        record Unoffered() implements Binding {
            @Override
            public String header() {
                return "y,,";
            }
        }

        /** {@code p}: it uses one, by this name. */
        record Used(String name) implements Binding {
            @Override
            public String header() {
                return "p=" + name + ",,";
            }
        }
    }

    /** A client's own first message, with a new nonce. */
    public static ScramClientFirst of(Binding binding, String user) {
        String nonce = Scram.nonce();
        String saslName = user.replace("=", "=3D").replace(",", "=2C");
        return new ScramClientFirst(binding, user, nonce, "n=" + saslName + ",r=" + nonce);
    }

    /** @throws ProtocolViolation for anything that is not such a message, or demands what we do not have */
    public static ScramClientFirst parse(String text) {
        int flagEnd = text.indexOf(',');
        int headerEnd = text.indexOf(',', flagEnd + 1);
        if (flagEnd < 0 || headerEnd < 0) {
            throw ScramText.malformed("no GSS-API header");
        }
        if (headerEnd > flagEnd + 1) {
            throw ScramText.malformed("an authorization identity is not supported");
        }
        Binding binding = binding(text.substring(0, flagEnd));
        String bare = text.substring(headerEnd + 1);
        String[] attributes = ScramText.attributes(bare);
        String user = userName(ScramText.value(attributes, 0, 'n'));
        String nonce = ScramText.nonce(ScramText.value(attributes, 1, 'r'));
        ScramText.checkExtensions(attributes, 2, attributes.length);
        return new ScramClientFirst(binding, user, nonce, bare);
    }

    /** The whole message. */
    public String text() {
        return binding.header() + bare;
    }

    private static Binding binding(String flag) {
        if (flag.equals("n")) {
            return new Binding.None();
        }
        if (flag.equals("y")) {
            return new Binding.Unoffered();
        }
        if (flag.startsWith("p=") && flag.length() > 2) {
            return new Binding.Used(flag.substring(2));
        }
        throw ScramText.malformed("unknown channel binding flag");
    }

    private static String userName(String saslName) {
        String rest = saslName.replace("=2C", "").replace("=3D", "");
        if (rest.indexOf('=') >= 0) {
            throw ScramText.malformed("a user name with a bare equals sign");
        }
        return saslName.replace("=2C", ",").replace("=3D", "=");
    }
}
