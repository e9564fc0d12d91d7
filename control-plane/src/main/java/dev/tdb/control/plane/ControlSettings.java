package dev.tdb.control.plane;

import dev.tdb.control.deployment.DeploymentSettings;
import dev.tdb.control.querylog.QueryLogSettings;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.control.tenant.PublicEndpoint;
import dev.tdb.proxy.route.Engine;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * What the control plane must be told.
 *
 * @param keyFile of the encryption keys, {@code id=hex} lines, the first one encrypts; made at the first start when
 *     it is missing. The variable {@code TDB_ENCRYPTION_KEYS} with the same entries, separated by commas, goes before it
 * @param trashKept how long a tenant that was deleted can be restored, before it is removed for good
 * @param endpoints where clients reach the listeners, by engine
 */
public record ControlSettings(
        StoreSettings store,
        Path keyFile,
        Duration trashKept,
        QueryLogSettings queryLog,
        DeploymentSettings deployments,
        Map<Engine, PublicEndpoint> endpoints,
        InstantSource clock) {
    public static final Duration TRASH_KEPT = Duration.ofDays(7);

    public ControlSettings {
        endpoints = Map.copyOf(endpoints);
    }

    /** Everything in one directory: SQLite, key file and query log. */
    public static ControlSettings in(Path directory, Map<Engine, PublicEndpoint> endpoints) {
        return new ControlSettings(
                StoreSettings.sqlite(directory.resolve("control.db")),
                directory.resolve("keys"),
                TRASH_KEPT,
                QueryLogSettings.in(directory.resolve("querylog")),
                DeploymentSettings.standard(),
                endpoints,
                InstantSource.system());
    }
}
