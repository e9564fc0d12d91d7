package dev.tdb.it;

import dev.tdb.mysql.MySqlFlavour;
import dev.tdb.testkit.contract.BackPressureContract;
import dev.tdb.testkit.contract.CancelContract;
import dev.tdb.testkit.contract.ChurnContract;
import dev.tdb.testkit.contract.Dialect;
import dev.tdb.testkit.contract.HoldContract;
import dev.tdb.testkit.contract.LoginContract;
import dev.tdb.testkit.contract.RefusalContract;
import dev.tdb.testkit.contract.ServerLossContract;
import dev.tdb.testkit.contract.ShutdownContract;
import dev.tdb.testkit.contract.Site;
import dev.tdb.testkit.contract.StraddleContract;
import dev.tdb.testkit.leak.NoLeaks;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** MariaDB keeps every contract, between raw clients and two real servers. */
@ExtendWith(NoLeaks.class)
final class MySqlContractIT
        implements LoginContract,
                HoldContract,
                StraddleContract,
                RefusalContract,
                BackPressureContract,
                CancelContract,
                ServerLossContract,
                ShutdownContract,
                ChurnContract {
    private static MySqlSite oldSite;
    private static MySqlSite newSite;

    @BeforeAll
    static void start(@TempDir Path directory) throws SQLException {
        oldSite = new MySqlSite(TestServers.mariaDb(directory.resolve("old")).start());
        newSite = new MySqlSite(TestServers.mariaDb(directory.resolve("new")).start());
    }

    @AfterAll
    static void stop() throws SQLException {
        oldSite.close();
        newSite.close();
    }

    @Override
    public Dialect dialect() {
        return new MySqlDialect(MySqlFlavour.MARIADB);
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
