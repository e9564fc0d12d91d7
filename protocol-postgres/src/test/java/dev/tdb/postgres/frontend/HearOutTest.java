package dev.tdb.postgres.frontend;

import static dev.tdb.postgres.frontend.ClientBytes.all;
import static dev.tdb.postgres.frontend.ClientBytes.query;
import static dev.tdb.postgres.frontend.ServerBytes.error;
import static dev.tdb.postgres.frontend.ServerBytes.notice;
import static dev.tdb.postgres.frontend.ServerBytes.notification;
import static dev.tdb.postgres.frontend.ServerBytes.parameter;
import static dev.tdb.postgres.frontend.ServerBytes.ready;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.backend.Exchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server is asked to say all that was notified before. */
class HearOutTest {
    private static final int NOTIFICATIONS = 1_000;

    @Test
    void whatWasCommittedBeforeIsHeardWithTheAnswer(@TempDir Path folder) throws IOException, SQLException {
        TestTalk talk = new TestTalk(Map.of());
        try (RawServer server = new RawServer(folder.resolve("server"));
                RawLink link = new RawLink(server, "one", Map.of());
                RawLink other = new RawLink(server, "one", Map.of())) {
            talk.conversation.welcome(link.facts());
            link.relay(talk.conversation, 1, query("LISTEN news"));
            talk.port.takeSent();

            for (int i = 1; i <= NOTIFICATIONS; i++) {
                other.query("NOTIFY news, '" + i + "'");

                boolean stands = link.ask(talk.conversation.hearOut(link.facts()));

                assertThat(stands).isTrue();
                // Type, length and the other's process are before the channel; there is one notification, this one.
                String sent = new String(talk.port.takeSent(), StandardCharsets.ISO_8859_1);
                String news = "news\0" + i + "\0";
                assertThat(sent).startsWith("A").endsWith(news).hasSize(1 + 4 + 4 + news.length());
            }
        }
    }

    @Test
    void whatIsTheClientsPassesHoweverItIsCut() {
        TestTalk talk = TestTalk.begun();
        Exchange<Boolean> exchange = talk.conversation.hearOut(TestTalk.facts(Map.of()));
        ByteBuf request = exchange.request(UnpooledByteBufAllocator.DEFAULT);
        assertThat(bytes(request)).isEqualTo(ClientBytes.sync());
        byte[] answer = all(notification("a"), notice("n"), notification("b"), ready('I'));
        ByteBuf in = Unpooled.buffer();

        for (int i = 0; i < answer.length - 1; i++) {
            in.writeByte(answer[i]);
            assertThat(exchange.onBytes(in)).isEmpty();
        }
        in.writeByte(answer[answer.length - 1]);

        assertThat(exchange.onBytes(in)).contains(true);
        assertThat(in.isReadable()).isFalse();
        assertThat(talk.port.takeSent()).isEqualTo(all(notification("a"), notice("n"), notification("b")));
    }

    @Test
    void anErrorIsNotTheClientsBusiness() {
        TestTalk talk = TestTalk.begun();
        Exchange<Boolean> exchange = talk.conversation.hearOut(TestTalk.facts(Map.of()));

        var end = exchange.onBytes(Unpooled.wrappedBuffer(error("FATAL", "57P01", "fenced")));

        assertThat(end).isEmpty();
        assertThat(talk.port.takeSent()).isEmpty();
        assertThat(exchange.onBytes(Unpooled.wrappedBuffer(ready('E')))).contains(false);
    }

    @Test
    void aParameterThatChangedIsToldWhenTheClientSpeaks() {
        TestTalk talk = TestTalk.begun();
        Exchange<Boolean> exchange = talk.conversation.hearOut(TestTalk.facts(Map.of("TimeZone", "UTC")));

        exchange.onBytes(Unpooled.wrappedBuffer(all(parameter("TimeZone", "Asia/Tokyo"), ready('I'))));

        assertThat(talk.port.takeSent()).isEmpty();
        talk.client(query("SELECT 1"));
        assertThat(talk.port.takeSent()).isEqualTo(parameter("TimeZone", "Asia/Tokyo"));
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        buffer.release();
        return bytes;
    }
}
