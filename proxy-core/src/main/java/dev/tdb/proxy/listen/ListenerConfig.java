package dev.tdb.proxy.listen;

import dev.tdb.proxy.frontend.ClientTls;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * One address that clients connect to.
 *
 * @param address port 0 means a free one
 * @param connectionsMax clients at once; those beyond are told so, and far beyond are closed without a word
 * @param proxySources networks whose connections begin with a PROXY protocol header (v1 or v2); others' must not
 */
public record ListenerConfig(
        InetSocketAddress address, ClientTls tls, int connectionsMax, List<AddressRange> proxySources) {
    public ListenerConfig {
        proxySources = List.copyOf(proxySources);
        if (connectionsMax < 1) {
            throw new IllegalArgumentException("connectionsMax " + connectionsMax);
        }
    }
}
