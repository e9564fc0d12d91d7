package dev.tdb.app.config;

import dev.tdb.admin.http.HttpSettings;
import dev.tdb.control.deployment.DeploymentSettings;
import dev.tdb.control.querylog.QueryLogSettings;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.control.tenant.PublicEndpoint;
import dev.tdb.proxy.listen.AddressRange;
import dev.tdb.proxy.listen.NodeConfig;
import dev.tdb.proxy.listen.TlsFiles;
import dev.tdb.proxy.route.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything a tdb process is told.
 *
 * @param keyFile of the encryption keys; made at the first start when it is missing
 * @param trashKept how long a deleted tenant can be restored
 * @param queryEventsMax that may wait for the query log's writer; 0 when there is to be no query log
 * @param shutdownPatience how long units in flight may last when the process is to stop
 */
public record ServeConfig(
        StoreSettings store,
        Path keyFile,
        Duration trashKept,
        QueryLogSettings queryLog,
        DeploymentSettings deployments,
        int queryEventsMax,
        HttpSettings api,
        NodeConfig node,
        List<ListenerSettings> listeners,
        Duration shutdownPatience) {
    /** What clients of MySQL take us for where nothing else is said. */
    public static final String MYSQL_VERSION = "11.4.5-MariaDB";

    public ServeConfig {
        listeners = List.copyOf(listeners);
    }

    /**
     * One address that clients connect to.
     *
     * @param publicEndpoint as it is printed into connection strings; its port 0 stands for the one that is bound
     * @param serverVersion that clients are told before anything else; empty where the protocol does not begin so
     * @param certificate empty when TLS is not offered
     * @param proxyProtocolFrom whose connections begin with a PROXY protocol header
     */
    public record ListenerSettings(
            Engine engine,
            HostAndPort address,
            PublicEndpoint publicEndpoint,
            String serverVersion,
            Optional<CertificateFiles> certificate,
            TlsFiles.Plaintext plaintext,
            boolean cleartextPassword,
            int connectionsMax,
            List<AddressRange> proxyProtocolFrom) {
        public ListenerSettings {
            proxyProtocolFrom = List.copyOf(proxyProtocolFrom);
        }
    }

    /** A certificate with the chain that signed it, and its key, in PEM. */
    public record CertificateFiles(Path chain, Path key) {}
}
