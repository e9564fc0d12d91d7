package dev.tdb.admin.resource;

import dev.tdb.admin.contract.OpenApi;
import dev.tdb.admin.http.Access;
import dev.tdb.admin.http.Answer;
import dev.tdb.admin.http.Code;
import dev.tdb.admin.http.Endpoint;
import dev.tdb.admin.http.Reply;
import dev.tdb.admin.http.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What tools ask of the process itself: is it alive, is it ready, its meters, its contract. */
public final class SystemEndpoints {
    private final String version;
    private final Supplier<List<Readiness>> readiness;
    private final Supplier<String> scrape;

    /**
     * @param readiness how each part is
     * @param scrape the meters in Prometheus' text format
     */
    public SystemEndpoints(String version, Supplier<List<Readiness>> readiness, Supplier<String> scrape) {
        this.version = version;
        this.readiness = readiness;
        this.scrape = scrape;
    }

    record ShownCode(String code, int httpStatus, String meaning) {}

    record Part(boolean ready, String detail) {}

    /**
     * These, and behind them {@code others}; the contract is made of all.
     *
     * @param metrics whether the meters are among them
     */
    public List<Endpoint> with(List<Endpoint> others, boolean metrics) {
        List<Endpoint> all = new ArrayList<>(List.of(
                healthEndpoint(),
                readyEndpoint(),
                Endpoint.get("/errors", Access.PUBLIC, "All codes a reply may carry", this::errors)));
        if (metrics) {
            all.add(metricsEndpoint());
        }
        all.addAll(others);
        OpenApi openApi = new OpenApi(version);
        // Made when it is asked for: the list is complete only below.
        all.add(document(
                "/openapi.json", "This contract", "application/json; charset=utf-8", () -> openApi.document(all)));
        return List.copyOf(all);
    }

    /** What a port has that is for monitoring only. */
    public List<Endpoint> forMonitoring() {
        return List.of(healthEndpoint(), readyEndpoint(), metricsEndpoint());
    }

    private Endpoint healthEndpoint() {
        return Endpoint.get("/health", Access.PUBLIC, "Whether the process lives", this::health);
    }

    private Endpoint readyEndpoint() {
        return Endpoint.get("/ready", Access.PUBLIC, "Whether it can serve, by part", this::ready);
    }

    private Endpoint metricsEndpoint() {
        return document("/metrics", "Meters for Prometheus", "text/plain; version=0.0.4; charset=utf-8", scrape);
    }

    private static Endpoint document(String path, String summary, String type, Supplier<String> text) {
        return new Endpoint("GET", path, Access.PUBLIC, summary, List.of(), List.of(), new Answer.Document(type, text));
    }

    private Reply health(Request request) {
        return Reply.ok().with("status", "healthy").with("version", version);
    }

    private Reply ready(Request request) {
        List<Readiness> found = readiness.get();
        Map<String, Part> parts = new TreeMap<>();
        found.forEach(part -> parts.put(part.part(), new Part(part.ready(), part.ready() ? "ok" : part.wrong())));
        List<String> unready = found.stream()
                .filter(part -> part.needed() && !part.ready())
                .map(Readiness::part)
                .sorted()
                .toList();
        if (unready.isEmpty()) {
            boolean whole = found.stream().allMatch(Readiness::ready);
            return Reply.ok().with("status", whole ? "ready" : "degraded").with("parts", parts);
        }
        return new Reply(Code.UNAVAILABLE, Map.of("error", "not ready: " + String.join(", ", unready)), Map.of())
                .with("status", "not_ready")
                .with("parts", parts);
    }

    private Reply errors(Request request) {
        List<ShownCode> codes = Arrays.stream(Code.values())
                .map(code -> new ShownCode(code.word(), code.status(), code.meaning()))
                .toList();
        return Reply.ok().with("errors", codes).with("count", codes.size());
    }
}
