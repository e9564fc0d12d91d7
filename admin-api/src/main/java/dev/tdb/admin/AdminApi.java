package dev.tdb.admin;

import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.HttpServer;
import dev.tdb.admin.http.HttpSettings;
import dev.tdb.admin.http.RateLimits;
import dev.tdb.admin.resource.BlueprintEndpoints;
import dev.tdb.admin.resource.DeploymentEndpoints;
import dev.tdb.admin.resource.EventEndpoints;
import dev.tdb.admin.resource.HostEndpoints;
import dev.tdb.admin.resource.KeyEndpoints;
import dev.tdb.admin.resource.LaterEndpoints;
import dev.tdb.admin.resource.LogEndpoints;
import dev.tdb.admin.resource.OperationEndpoints;
import dev.tdb.admin.resource.ProjectEndpoints;
import dev.tdb.admin.resource.QueryEndpoints;
import dev.tdb.admin.resource.Reach;
import dev.tdb.admin.resource.Readiness;
import dev.tdb.admin.resource.RouteEndpoints;
import dev.tdb.admin.resource.SessionEndpoints;
import dev.tdb.admin.resource.SystemEndpoints;
import dev.tdb.admin.resource.TenantEndpoints;
import dev.tdb.control.plane.ControlPlane;
import dev.tdb.control.plane.SessionDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The HTTP API of one node: the control plane's services, served. Owns its HTTP servers and nothing else. */
public final class AdminApi implements AutoCloseable {
    private final List<HttpServer> servers;
    private final int port;
    private final OptionalInt metricsPort;

    private AdminApi(List<HttpServer> servers, int port, OptionalInt metricsPort) {
        this.servers = List.copyOf(servers);
        this.port = port;
        this.metricsPort = metricsPort;
    }

    /**
     * What the API shows besides the control plane.
     *
     * @param version of the program
     * @param sessions who is connected to this node
     * @param readiness how each part of the node is
     * @param meters to add its own to
     * @param scrape all meters, in Prometheus' text format
     */
    public record Node(
            String version,
            SessionDirectory sessions,
            Supplier<List<Readiness>> readiness,
            MeterRegistry meters,
            Supplier<String> scrape) {}

    /** Binds and serves; throws when the port is taken. */
    public static AdminApi start(HttpSettings settings, ControlPlane control, Node node) {
        RateLimits limits = new RateLimits(settings.perAddress(), settings.perKey(), System::nanoTime);
        SystemEndpoints system = new SystemEndpoints(node.version(), node.readiness(), node.scrape());
        boolean apart = settings.metrics().isPresent();
        List<Endpoint> endpoints = system.with(resources(control, node), !apart);
        HttpServer api = new HttpServer(
                settings, endpoints, control.keys()::authenticate, limits, control.keptAnswers(), node.meters());
        int port = api.start();
        if (!apart) {
            return new AdminApi(List.of(api), port, OptionalInt.empty());
        }
        HttpServer metrics = new HttpServer(
                settings.at(settings.metrics().get()),
                system.forMonitoring(),
                control.keys()::authenticate,
                limits,
                control.keptAnswers(),
                node.meters());
        try {
            return new AdminApi(List.of(metrics, api), port, OptionalInt.of(metrics.start()));
        } catch (RuntimeException fault) {
            api.close();
            throw fault;
        }
    }

    private static List<Endpoint> resources(ControlPlane control, Node node) {
        Reach reach = new Reach(control.projects(), control.tenants());
        return Stream.of(
                        new HostEndpoints(control.hosts()).endpoints(),
                        new ProjectEndpoints(control.projects()).endpoints(),
                        new KeyEndpoints(reach, control.keys()).endpoints(),
                        new BlueprintEndpoints(reach, control.blueprints(), control.versionRemoval()).endpoints(),
                        new TenantEndpoints(reach, control.tenants(), control.retries(), control.connectionStrings())
                                .endpoints(),
                        new DeploymentEndpoints(reach, control.deployments()).endpoints(),
                        new QueryEndpoints(reach, control.queries()).endpoints(),
                        new LogEndpoints(reach, control.queryLog(), node.sessions(), InstantSource.system())
                                .endpoints(),
                        new RouteEndpoints(reach, control.routes(), control.hosts()).endpoints(),
                        new SessionEndpoints(reach, node.sessions()).endpoints(),
                        new OperationEndpoints(reach, control.operations(), control.deployments()).endpoints(),
                        new EventEndpoints(reach, control.events()).endpoints(),
                        new LaterEndpoints(reach).endpoints())
                .flatMap(List::stream)
                .toList();
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** The port that {@code /metrics} has for itself. */
    public OptionalInt metricsPort() {
        return metricsPort;
    }

    @Override
    public void close() {
        servers.forEach(HttpServer::close);
    }
}
