package dev.tdb.admin.http;

import dev.tdb.proxy.listen.AddressRange;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a request comes from.
 *
 * @param literal of the client, which a reverse proxy may have told
 * @param local it was sent on this machine, and nobody has passed it on
 */
record ClientAddress(String literal, boolean local) {
    private static final String FORWARDED_FOR = "X-Forwarded-For";
    private static final List<String> PASSED_ON = List.of(FORWARDED_FOR, "Forwarded", "X-Real-IP", "Via");

    /** @param forwardedFrom who is believed when it says whom it has passed a request on for */
    static ClientAddress of(Context context, List<AddressRange> forwardedFrom) {
        String peer = context.ip().replace("[", "").replace("]", "");
        boolean passedOn = PASSED_ON.stream().anyMatch(name -> context.header(name) != null);
        boolean local = !passedOn
                && address(peer).filter(InetAddress::isLoopbackAddress).isPresent();
        return new ClientAddress(client(peer, context, forwardedFrom), local);
    }

    /** From the right, since everybody has added whom he saw: the first who is not himself one that is believed. */
    private static String client(String peer, Context context, List<AddressRange> forwardedFrom) {
        String[] told =
                Objects.requireNonNullElse(context.header(FORWARDED_FOR), "").split(",", -1);
        String client = peer;
        for (int i = told.length - 1; i >= 0 && isOneOf(forwardedFrom, client); i--) {
            Optional<InetAddress> next = address(told[i].strip());
            if (next.isEmpty()) {
                break;
            }
            client = next.get().getHostAddress();
        }
        return client;
    }

    private static boolean isOneOf(List<AddressRange> ranges, String literal) {
        return address(literal)
                .filter(address -> ranges.stream().anyMatch(range -> range.contains(address)))
                .isPresent();
    }

    /** Of a literal only, so that no name is looked up. */
    private static Optional<InetAddress> address(String literal) {
        if (!literal.matches("[0-9a-fA-F:.]{2,45}(%[A-Za-z0-9]{1,16})?")) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(literal));
        } catch (UnknownHostException _) {
            return Optional.empty();
        }
    }
}
