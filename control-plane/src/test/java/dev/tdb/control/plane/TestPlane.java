package dev.tdb.control.plane;

import dev.tdb.control.deployment.DeploymentSettings;
import dev.tdb.control.engine.ApplyTerms;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.observe.QueryEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A control plane whose servers are what a test makes of them. */
public record TestPlane(ControlPlane plane) implements AutoCloseable {
    private static final Duration BUSY_PATIENCE = Duration.ofMillis(500);

    public static TestPlane open(Path directory, RouteControl dataPath, EngineAdapter engine) {
        return open(StoreSettings.sqlite(directory.resolve("control.db")), directory, dataPath, engine);
    }

    /** @param directory for everything but the control database */
    public static TestPlane open(StoreSettings store, Path directory, RouteControl dataPath, EngineAdapter... engines) {
        return open(store, directory, dataPath, InstantSource.system(), 4, engines);
    }

    /** @param parallelism of deployments */
    public static TestPlane open(
            StoreSettings store,
            Path directory,
            RouteControl dataPath,
            InstantSource clock,
            int parallelism,
            EngineAdapter... engines) {
        ControlSettings standard = ControlSettings.in(directory, Map.of());
        return new TestPlane(ControlPlane.open(
                new ControlSettings(
                        store,
                        standard.keyFile(),
                        standard.trashKept(),
                        standard.queryLog(),
                        new DeploymentSettings(parallelism, BUSY_PATIENCE, ApplyTerms.standard()),
                        standard.endpoints(),
                        clock),
                dataPath,
                new QueryEvents(64),
                Stream.of(engines).collect(Collectors.toMap(EngineAdapter::engine, Function.identity()))));
    }

    @Override
    public void close() {
        plane.close();
    }
}
