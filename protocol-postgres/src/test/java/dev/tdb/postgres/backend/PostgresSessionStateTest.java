package dev.tdb.postgres.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgresSessionStateTest {
    @Test
    void whatALogMayPrintHoldsNoValues() {
        PostgresSessionState state = new PostgresSessionState(
                List.of(new PostgresSessionState.Setting("work_mem", "5MB-secret")),
                List.of(new PostgresSessionState.Setting("app.token", "secret")),
                "none",
                List.of("PREPARE p AS SELECT 'secret'"),
                List.of(),
                Optional.empty(),
                List.of("secret"));

        assertThat(state.toString()).contains("work_mem", "app.token").doesNotContain("secret");
    }
}
