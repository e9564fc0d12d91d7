package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.ClientBytes.all;
import static dev.tdb.postgres.frontend.ClientBytes.message;
import static dev.tdb.postgres.frontend.ClientBytes.query;
import static dev.tdb.postgres.frontend.ServerBytes.parameter;
import static dev.tdb.postgres.frontend.ServerBytes.ready;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.postgres.backend.PostgresLinkFacts;
import dev.tdb.proxy.credential.Role;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WelcomeTest {
    private static final byte[] OK = message('R', body -> body.writeInt(0));
    private static final byte[] KEY = message('K', body -> body.writeInt(41).writeInt(0x01020304));

    private static Map<String, String> parameters(String... namesAndValues) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            parameters.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return parameters;
    }

    @Test
    void theClientIsToldTheServersParametersAndAKeyOfOurs() {
        TestTalk talk = new TestTalk(Map.of("application_name", "shop"));
        talk.conversation.welcome(TestTalk.facts(parameters("server_version", "18.6", "TimeZone", "UTC")));

        assertThat(talk.port.takeSent())
                .isEqualTo(all(OK, parameter("server_version", "18.6"), parameter("TimeZone", "UTC"), KEY, ready('I')));
        assertThat(talk.atSafePoint()).isTrue();
        assertThat(talk.conversation.profile().role()).isEqualTo(Role.WRITE);
        assertThat(talk.conversation.profile().parameters()).isEqualTo(Map.of("application_name", "shop"));
        assertThat(talk.conversation.cancelSecret()).contains(TestTalk.CANCEL_SECRET);
    }

    @Test
    void withoutALinkTheClientIsToldWhatIsLikelyAndLaterWhatDiffers() {
        TestTalk talk = new TestTalk(Map.of("timezone", "Asia/Tokyo", "unreported", "x"));
        PostgresLinkFacts seen = TestTalk.facts(
                parameters("server_version", "18.6", "TimeZone", "UTC", "application_name", "another client's"));

        assertThat(talk.conversation.welcomeUnlinked(Optional.of(seen))).isTrue();
        assertThat(talk.port.takeSent())
                .isEqualTo(all(
                        OK,
                        parameter("server_version", "18.6"),
                        parameter("TimeZone", "Asia/Tokyo"),
                        parameter("application_name", ""),
                        KEY,
                        ready('I')));

        talk.conversation.movedTo(TestTalk.facts(
                parameters("server_version", "18.7", "TimeZone", "Asia/Tokyo", "application_name", "", "new", "n")));
        assertThat(talk.port.takeSent()).as("nobody asked").isEmpty();
        talk.client(query("SELECT 1"));
        assertThat(talk.port.takeSent()).isEqualTo(all(parameter("server_version", "18.7"), parameter("new", "n")));
    }

    @Test
    void withoutALinkAndNothingEverSeenTheClientIsToldNothing() {
        TestTalk talk = new TestTalk(Map.of());
        assertThat(talk.conversation.welcomeUnlinked(Optional.empty())).isFalse();
        assertThat(talk.port.takeSent()).isEmpty();
    }

    @Test
    void theFactsOfTheLinkFollowWhatTheServerReports() {
        TestTalk talk = new TestTalk(Map.of());
        PostgresLinkFacts facts = TestTalk.facts(parameters("TimeZone", "UTC"));
        talk.conversation.welcome(facts);
        talk.port.takeSent();

        byte[] changed = parameter("TimeZone", "Asia/Tokyo");
        for (byte b : changed) {
            talk.server(new byte[] {b});
        }

        assertThat(facts.parameters()).isEqualTo(Map.of("TimeZone", "Asia/Tokyo"));
        talk.conversation.movedTo(TestTalk.facts(parameters("TimeZone", "Asia/Tokyo")));
        assertThat(talk.port.takeSent()).isEmpty();
        talk.conversation.movedTo(TestTalk.facts(parameters("TimeZone", "UTC")));
        talk.client(query("SELECT 1"));
        assertThat(talk.port.takeSent()).isEqualTo(parameter("TimeZone", "UTC"));
    }
}
