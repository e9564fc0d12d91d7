package dev.tdb.it;

import dev.tdb.local.MySqlServer;
import java.nio.file.Path;
import java.util.List;

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

    @Override
    List<String> telltales() {
        return List.of(
                "SHOW OPEN TABLES",
                "SELECT * FROM `information_schema`.`INNODB_DATAFILES`",
                "SELECT * FROM `information_schema`.`INNODB_TABLESPACES_BRIEF`",
                "SELECT * FROM `information_schema`.`TABLESPACES_EXTENSIONS`");
    }
}
