package dev.tdb.local;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** MySQL or MariaDB. */
public final class MySqlServer extends OwnedServer {
    private final MySqlSpec spec;
    private final MySqlDirectory directory;
    private final Login superuser;

    private MySqlServer(MySqlSpec spec, MySqlDirectory directory, RunningServer running) {
        super(directory, running, port -> MySqlLaunch.launch(spec, directory, port), spec.stopsAtExit());
        this.spec = spec;
        this.directory = directory;
        this.superuser = LoginFile.load(directory.logins(), 1).getFirst();
    }

    /**
     * A server without databases, or with those it left in {@code directory} before.
     *
     * @param directory for all that the server keeps: data, log and passwords; made when absent
     */
    public static MySqlSpec spec(Path directory, MySqlBinaries binaries) {
        return new MySqlSpec(directory, binaries);
    }

    static MySqlServer start(MySqlSpec spec) {
        MySqlDirectory directory = MySqlDirectory.prepare(spec.directory());
        RunningServer running = MySqlLaunch.launch(spec, directory, spec.port());
        return owning(running, () -> new MySqlServer(spec, directory, running));
    }

    @Override
    String signal(StopMode mode) {
        return switch (mode) {
            case FAST -> "TERM";
            case IMMEDIATE -> "KILL";
        };
    }

    public MySqlBinaries.Flavour flavour() {
        return spec.binaries().flavour();
    }

    @Override
    public Login superuser() {
        return superuser;
    }

    /**
     * Without user and password, which do not belong into an address that may be printed.
     *
     * @param database empty for none
     */
    public String jdbcUrl(String database) {
        return "jdbc:mariadb://" + host() + ":" + port() + "/" + database;
    }

    @Override
    public Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", superuser.user());
        properties.setProperty("password", superuser.password());
        properties.setProperty("allowPublicKeyRetrieval", "true"); // nobody stands between us and a loopback address
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    @Override
    public String toString() {
        return flavour().title() + " " + spec.binaries().version() + " on port " + port() + " in " + directory.root();
    }
}
