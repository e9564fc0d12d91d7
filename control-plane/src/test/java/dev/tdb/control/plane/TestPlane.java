package dev.tdb.control.plane;

import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.observe.QueryEvents;
import java.nio.file.Path;
import java.util.Map;

/** A control plane whose servers are what a test makes of them. */
public record TestPlane(ControlPlane plane) implements AutoCloseable {
    public static TestPlane open(Path directory, RouteControl dataPath, EngineAdapter engine) {
        return new TestPlane(ControlPlane.open(
                ControlSettings.in(directory, Map.of()),
                dataPath,
                new QueryEvents(64),
                Map.of(engine.engine(), engine)));
    }

    @Override
    public void close() {
        plane.close();
    }
}
