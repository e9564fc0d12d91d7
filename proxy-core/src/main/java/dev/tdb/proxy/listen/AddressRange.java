package dev.tdb.proxy.listen;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A network in CIDR notation, such as {@code 10.0.0.0/8} or {@code ::1}. */
public final class AddressRange {
    private final byte[] network;
    private final int prefixBits;

    private AddressRange(byte[] network, int prefixBits) {
        this.network = network;
        this.prefixBits = prefixBits;
    }

    /** @throws IllegalArgumentException when {@code text} is no literal address with an optional prefix length */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String literal = slash < 0 ? text : text.substring(0, slash);
        if (literal.isEmpty() || !literal.matches("[0-9a-fA-F:.]+")) {
            throw new IllegalArgumentException("address range '" + text + "', expected such as 10.0.0.0/8 or ::1");
        }
        try {
            byte[] network = InetAddress.getByName(literal).getAddress();
            int bits = slash < 0 ? network.length * 8 : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > network.length * 8) {
                throw new IllegalArgumentException("prefix length " + bits + " in '" + text + "'");
            }
            return new AddressRange(network, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("address range '" + text + "'", e);
        }
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((bytes[bit / 8] & mask) != (network[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
