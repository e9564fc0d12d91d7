package dev.tdb.local;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** PostgreSQL. */
public final class PostgresServer extends OwnedServer {
    private final PostgresSpec spec;
    private final PostgresDirectory directory;
    private final PostgresLogins logins;

    private PostgresServer(PostgresSpec spec, PostgresDirectory directory, RunningServer running) {
        super(directory, running, port -> PostgresLaunch.launch(spec, directory, port), spec.stopsAtExit());
        this.spec = spec;
        this.directory = directory;
        this.logins = PostgresLogins.load(directory.logins());
    }

    /**
     * A server with an empty cluster, or with the one it left in {@code directory} before.
     *
     * @param directory for all that the server keeps: data, log and passwords; made when absent
     */
    public static PostgresSpec spec(Path directory, PostgresBinaries binaries) {
        return new PostgresSpec(directory, binaries, new NewCluster(), Map.of());
    }

    /**
     * A hot standby: at its first start a copy of {@code primary}, which must be running then; it has the same
     * settings, logins and system identifier. The primary must stay on its port for as long as it shall be followed.
     */
    public static PostgresSpec standbyOf(PostgresServer primary, Path directory) {
        return new PostgresSpec(directory, primary.spec.binaries(), new StandbyCopy(primary), primary.spec.settings());
    }

    static PostgresServer start(PostgresSpec spec) {
        PostgresDirectory directory = PostgresDirectory.prepare(spec.directory());
        RunningServer running = PostgresLaunch.launch(spec, directory, spec.port());
        return owning(running, () -> new PostgresServer(spec, directory, running));
    }

    @Override
    String signal(StopMode mode) {
        return switch (mode) {
            case FAST -> "INT";
            case IMMEDIATE -> "QUIT";
        };
    }

    @Override
    public Login superuser() {
        return logins.superuser();
    }

    /** Without user and password, which do not belong into an address that may be printed. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + database;
    }

    @Override
    public Connection connect(String database) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl(database));
        source.setUser(superuser().user());
        source.setPassword(superuser().password());
        return source.getConnection();
    }

    /** What tells clusters apart; a standby has that of its primary. Known also while the server is stopped. */
    public long systemIdentifier() {
        return directory.systemIdentifier();
    }

    /** Makes a standby a primary; returns when it accepts writes. */
    public void promote() {
        spec.progress().step("promoting the standby on port " + port());
        try (Connection connection = connect("postgres");
                PreparedStatement promote = connection.prepareStatement("SELECT pg_promote(true, ?)")) {
            promote.setInt(1, Math.toIntExact(Math.max(1, spec.patience().toSeconds())));
            try (ResultSet row = promote.executeQuery()) {
                if (!row.next() || !row.getBoolean(1)) {
                    throw new LocalServerException("the standby on port " + port() + " was not promoted within "
                            + spec.patience().toSeconds() + " s; see " + logFile());
                }
            }
        } catch (SQLException e) {
            throw new LocalServerException("cannot promote the server on port " + port(), e);
        }
    }

    @Override
    public String toString() {
        return "PostgreSQL " + spec.binaries().version() + " on port " + port() + " in " + directory.root();
    }

    PostgresLogins logins() {
        return logins;
    }
}
