package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.testkit.history.Op;
import dev.tdb.testkit.history.SessionLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A session of the MySQL family whose settings, variables and prepared statement are to follow it. */
final class MySqlStateJob implements Job {
    private static final String LOOK =
            "SELECT CONCAT_WS(' ', @tenant, @@session.time_zone, @@session.sort_buffer_size, ?)";

    private final String tenant;

    MySqlStateJob(String tenant) {
        this.tenant = tenant;
    }

    @Override
    public void begin(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET @tenant = '" + tenant + "'");
            statement.execute("SET SESSION time_zone = '+05:30', sort_buffer_size = 65536");
        }
    }

    @Override
    public void turn(Connection connection, SessionLog log) throws SQLException {
        Job.recorded(connection, log, new Op.Read("what was set"), () -> {
            try (PreparedStatement look = connection.prepareStatement(LOOK)) {
                look.setString(1, "here");
                try (ResultSet row = look.executeQuery()) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getString(1)).isEqualTo(tenant + " +05:30 65536 here");
                    return row.getString(1);
                }
            }
        });
    }
}
