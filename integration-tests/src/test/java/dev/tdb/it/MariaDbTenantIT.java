package dev.tdb.it;

import dev.tdb.local.MySqlServer;
import java.nio.file.Path;

/** Tenants of MariaDB 11.4. */
final class MariaDbTenantIT extends MySqlTenantContract {
    @Override
    MySqlServer start(Path directory) {
        return TestServers.mariaDb(directory).start();
    }

    @Override
    String version() {
        return "11.4.5-MariaDB";
    }
}
