package dev.tdb.postgres.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.credential.Secret;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresLinkFactsTest {
    @Test
    void aSnapshotStaysAsItWas() {
        PostgresLinkFacts facts =
                new PostgresLinkFacts(Map.of("client_encoding", "UTF8"), 7, Secret.of(new byte[4]), 0);
        PostgresLinkFacts atLogin = facts.snapshot();

        facts.parameterChanged("client_encoding", "LATIN1");

        assertThat(facts.parameters()).containsEntry("client_encoding", "LATIN1");
        assertThat(atLogin.parameters()).containsEntry("client_encoding", "UTF8");
    }
}
