package dev.tdb.control.plane;

import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.observe.QueryEvents;
import java.nio.file.Path;
import java.util.Map;

/** A control plane whose servers are what a test makes of them. */
public record TestPlane(ControlPlane plane) implements AutoCloseable {
    public static TestPlane open(Path directory, RouteControl dataPath, EngineAdapter engine) {
        return open(StoreSettings.sqlite(directory.resolve("control.db")), directory, dataPath, engine);
    }

    /** @param directory for everything but the control database */
    public static TestPlane open(StoreSettings store, Path directory, RouteControl dataPath, EngineAdapter engine) {
        ControlSettings standard = ControlSettings.in(directory, Map.of());
        return new TestPlane(ControlPlane.open(
                new ControlSettings(
                        store, standard.keyFile(), standard.queryLog(), standard.endpoints(), standard.clock()),
                dataPath,
                new QueryEvents(64),
                Map.of(engine.engine(), engine)));
    }

    @Override
    public void close() {
        plane.close();
    }
}
