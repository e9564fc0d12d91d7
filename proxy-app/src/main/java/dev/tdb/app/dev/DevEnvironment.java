package dev.tdb.app.dev;

import dev.tdb.admin.http.HttpSettings;
import dev.tdb.app.Assembly;
import dev.tdb.app.Protocols;
import dev.tdb.app.config.HostAndPort;
import dev.tdb.app.config.ServeConfig;
import dev.tdb.app.config.ServeConfig.CertificateFiles;
import dev.tdb.app.config.ServeConfig.ListenerSettings;
import dev.tdb.control.deployment.DeploymentSettings;
import dev.tdb.control.plane.ControlSettings;
import dev.tdb.control.querylog.QueryLogSettings;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.control.tenant.PublicEndpoint;
import dev.tdb.proxy.listen.NodeConfig;
import dev.tdb.proxy.listen.TlsFiles;
import dev.tdb.proxy.route.Engine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Everything {@code tdb dev} runs: real servers, the proxy, the API and the demo. {@code dev.json} is written when all
 * of it works and is the first to go when it ends, so that its presence means "running".
 */
final class DevEnvironment implements AutoCloseable {
    private static final Duration SHUTDOWN_PATIENCE = Duration.ofSeconds(2);
    private static final int CONNECTIONS_MAX = 2000;
    private static final int QUERY_EVENTS_MAX = 65_536;
    private static final String LOOPBACK = "127.0.0.1";

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final DevFolder folder;
    private final DevFacts facts;

    private DevEnvironment(DevOptions options, Consumer<String> progress) throws IOException {
        this.folder = DevFolder.open(options.state());
        running.push(folder);
        try {
            folder.delete(DevFacts.FILE);
            if (options.reset()) {
                folder.clear();
                progress.accept("removed the old state in " + folder.path());
            }
            List<DevEngine> engines = options.engines().stream()
                    .map(engine -> new DevEngine(
                            engine.engine(),
                            DevPorts.free(engine.port(), engine.engine().title() + " clients", engine.portOption()),
                            engine.programs()))
                    .toList();
            int apiPort = DevPorts.free(options.apiPort(), "the API", "--port-api");
            DevCertificates certificates = new DevCertificates(folder);
            certificates.prepare();
            List<LocalServer> servers = new ArrayList<>();
            for (DevEngine engine : engines) {
                LocalServer server = LocalServer.start(folder, engine, progress::accept);
                running.push(server);
                servers.add(server);
            }
            progress.accept("starting the proxy and the API");
            Assembly assembly = Assembly.start(config(engines, apiPort, certificates), new Protocols());
            running.push(assembly);
            servers.forEach(server -> server.register(assembly.control().hosts()));
            List<DemoBlueprint> blueprints = servers.stream()
                    .map(LocalServer::engine)
                    .map(DemoBlueprint::of)
                    .toList();
            Demo.Made demo = new Demo(assembly.control(), blueprints, new DevCredentials(folder), progress).make();
            this.facts = DevFacts.of(
                    "http://" + assembly.apiAddress(), demo, assembly.control().connectionStrings(), servers);
            running.push(() -> folder.delete(DevFacts.FILE));
            folder.write(DevFacts.FILE, facts.json());
        } catch (IOException | RuntimeException fault) {
            close();
            throw fault;
        }
    }

    /** Starts everything, and returns when it works. */
    static DevEnvironment start(DevOptions options, Consumer<String> progress) throws IOException {
        return new DevEnvironment(options, progress);
    }

    private static ListenerSettings listener(DevEngine engine, DevCertificates certificates) {
        return new ListenerSettings(
                engine.engine(),
                new HostAndPort(LOOPBACK, engine.port()),
                // Not marked as TLS: the strings are to work as they are, without ca.pem.
                new PublicEndpoint(LOOPBACK, engine.port(), false),
                engine.engine() == Engine.MYSQL ? ServeConfig.MYSQL_VERSION : "",
                Optional.of(new CertificateFiles(certificates.chain(), certificates.key())),
                TlsFiles.Plaintext.LOOPBACK,
                false,
                CONNECTIONS_MAX,
                List.of());
    }

    private ServeConfig config(List<DevEngine> engines, int apiPort, DevCertificates certificates) {
        return new ServeConfig(
                StoreSettings.sqlite(folder.resolve("control.db")),
                folder.resolve("keys"),
                ControlSettings.TRASH_KEPT,
                QueryLogSettings.in(folder.resolve("querylog")),
                DeploymentSettings.standard(),
                QUERY_EVENTS_MAX,
                HttpSettings.on(LOOPBACK, apiPort),
                NodeConfig.defaults(),
                engines.stream().map(engine -> listener(engine, certificates)).toList(),
                SHUTDOWN_PATIENCE);
    }

    DevFacts facts() {
        return facts;
    }

    DevFolder folder() {
        return folder;
    }

    /** Stops what was started, the newest first. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            } catch (Exception fault) {
                throw new IllegalStateException(fault);
            }
        }
    }
}
