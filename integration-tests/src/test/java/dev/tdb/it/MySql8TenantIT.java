package dev.tdb.it;

import dev.tdb.local.MySqlServer;
import java.nio.file.Path;

/** Tenants of MySQL 8.0; skipped where it does not run. */
final class MySql8TenantIT extends MySqlTenantContract {
    @Override
    MySqlServer start(Path directory) {
        return TestServers.mySql(directory).start();
    }

    @Override
    String version() {
        return "8.0.31";
    }
}
