package dev.tdb.it;

import dev.tdb.mysql.MySqlFlavour;
import dev.tdb.testkit.contract.CancelContract;
import dev.tdb.testkit.contract.Dialect;
import dev.tdb.testkit.contract.HoldContract;
import dev.tdb.testkit.contract.LoginContract;
import dev.tdb.testkit.contract.RefusalContract;
import dev.tdb.testkit.contract.Site;
import dev.tdb.testkit.leak.NoLeaks;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * MySQL 8.0, with caching_sha2_password on both sides, keeps the contracts that its server has a part in; skipped where it
 * does not run.
 */
@ExtendWith(NoLeaks.class)
final class MySql8ContractIT implements LoginContract, HoldContract, RefusalContract, CancelContract {
    private static MySqlSite oldSite;
    private static MySqlSite newSite;

    @BeforeAll
    static void start(@TempDir Path directory) throws SQLException {
        oldSite = new MySqlSite(TestServers.mySql(directory.resolve("old")).start());
        newSite = new MySqlSite(TestServers.mySql(directory.resolve("new")).start());
    }

    @AfterAll
    static void stop() throws SQLException {
        if (oldSite != null) {
            oldSite.close();
        }
        if (newSite != null) {
            newSite.close();
        }
    }

    @Override
    public Dialect dialect() {
        return new MySqlDialect(MySqlFlavour.MYSQL);
    }

    @Override
    public Site oldSite() {
        return oldSite;
    }

    @Override
    public Site newSite() {
        return newSite;
    }
}
