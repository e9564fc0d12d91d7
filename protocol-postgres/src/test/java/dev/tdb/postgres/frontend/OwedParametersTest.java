package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.ClientBytes.all;
import static dev.tdb.postgres.frontend.ClientBytes.query;
import static dev.tdb.postgres.frontend.ServerBytes.notification;
import static dev.tdb.postgres.frontend.ServerBytes.parameter;
import static dev.tdb.postgres.frontend.ServerBytes.ready;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.postgres.backend.PostgresLinkFacts;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.frontend.Described;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Parameters that changed while the proxy itself asked the server something. */
class OwedParametersTest {
    private final TestTalk talk = new TestTalk(Map.of());
    private final PostgresLinkFacts facts = TestTalk.facts(Map.of("TimeZone", "UTC", "client_encoding", "UTF8"));

    OwedParametersTest() {
        talk.conversation.welcome(facts);
        talk.port.takeSent();
    }

    /** The server's answer ends with {@code messages} and that it is ready, twice. */
    private void describe(byte[]... messages) {
        Exchange<Described> exchange = talk.conversation.describe(facts);

        var described = exchange.onBytes(Unpooled.wrappedBuffer(all(all(messages), ready('I'), ready('I'))));

        assertThat(described).isPresent();
    }

    @Test
    void anIdleClientIsToldWhenItSpeaks() {
        describe(notification("a"), parameter("TimeZone", "Asia/Tokyo"));

        assertThat(talk.port.takeSent()).isEqualTo(notification("a"));
        talk.client(query("SELECT 1"));
        assertThat(talk.port.takeSent()).isEqualTo(parameter("TimeZone", "Asia/Tokyo"));
    }

    @Test
    void whatChangedAgainIsToldOnceAsItIs() {
        describe(parameter("TimeZone", "Asia/Tokyo"));
        describe(parameter("TimeZone", "Europe/Oslo"));

        talk.client(query("SELECT 1"));

        assertThat(talk.port.takeSent()).isEqualTo(parameter("TimeZone", "Europe/Oslo"));
    }

    @Test
    void whatTheServerToldItselfMeanwhileIsNotContradicted() {
        describe(parameter("TimeZone", "Asia/Tokyo"));
        talk.server(parameter("TimeZone", "Europe/Oslo"));
        talk.port.takeSent();

        talk.client(query("SELECT 1"));

        assertThat(talk.port.takeSent()).isEmpty();
    }
}
