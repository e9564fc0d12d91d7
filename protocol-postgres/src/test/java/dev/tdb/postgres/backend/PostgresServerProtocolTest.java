package dev.tdb.postgres.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.postgres.message.CancelRequest;
import dev.tdb.postgres.message.ErrorResponse;
import dev.tdb.postgres.message.ParameterStatus;
import dev.tdb.postgres.message.ReadyForQuery;
import dev.tdb.postgres.message.SSLRequest;
import dev.tdb.postgres.message.StartupPacket;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.credential.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is said to servers besides logging in. */
class PostgresServerProtocolTest {
    private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

    private final PostgresServerProtocol protocol = new PostgresServerProtocol();
    private final PostgresLinkFacts facts =
            new PostgresLinkFacts(Map.of("search_path", "mine"), 4711, Secret.of("a key of any length"), 0);
    private final Exchange<Boolean> reset = protocol.reset(facts).orElseThrow();
    private final ByteBuf in = Unpooled.buffer();

    private Optional<Boolean> say(Consumer<ByteBuf> encode) {
        encode.accept(in);
        return reset.onBytes(in);
    }

    private static void commandComplete(ByteBuf out, String tag) {
        out.writeByte('C').writeInt(4 + tag.length() + 1);
        out.writeCharSequence(tag + "\0", StandardCharsets.US_ASCII);
    }

    private static void done(ByteBuf out, String tag) {
        commandComplete(out, tag);
        new ReadyForQuery(ReadyForQuery.IDLE).encode(out);
    }

    @Test
    void aResetIsOverWhenBothStatementsAre() {
        assertThat(say(out -> done(out, "DISCARD ALL"))).isEmpty();
        assertThat(say(out -> done(out, "RESET"))).contains(true);
        assertThat(in.isReadable()).isFalse();
    }

    @Test
    void whatTheServerReportsMeanwhileBelongsToTheFacts() {
        say(new ParameterStatus("search_path", "\"$user\", public")::encode);
        say(out -> out.writeByte('N').writeInt(5).writeByte(0));

        assertThat(say(out -> done(out, "DISCARD ALL"))).isEmpty();
        assertThat(facts.parameters()).isEqualTo(Map.of("search_path", "\"$user\", public"));
    }

    @Test
    void anyErrorFailsTheReset() {
        assertThat(say(new ErrorResponse("ERROR", "25001", "in a transaction", "")::encode))
                .contains(false);
        assertThat(in.isReadable()).isFalse();
    }

    @Test
    void aTransactionThatIsLeftOpenFailsTheReset() {
        assertThat(say(new ReadyForQuery(ReadyForQuery.IN_TRANSACTION)::encode)).contains(false);
    }

    @Test
    void whatComesBehindTheEndFailsTheReset() {
        say(out -> done(out, "DISCARD ALL"));

        assertThat(say(out -> {
                    done(out, "RESET");
                    out.writeByte('A');
                }))
                .contains(false);
    }

    @Test
    void nonsenseFailsTheReset() {
        assertThat(say(out -> out.writeByte('C').writeInt(-1))).contains(false);
    }

    @Test
    void theReplyMayComeInPieces() {
        ByteBuf all = Unpooled.buffer();
        new ParameterStatus("search_path", "x").encode(all);
        done(all, "DISCARD ALL");
        done(all, "RESET");

        Optional<Boolean> result = Optional.empty();
        while (all.isReadable()) {
            assertThat(result).isEmpty();
            in.writeByte(all.readByte());
            result = reset.onBytes(in);
        }

        assertThat(result).contains(true);
    }

    @Test
    void aCancelRequestCarriesWhatTheServerGave() {
        ByteBuf request = protocol.cancelRequest(facts, ALLOCATOR).orElseThrow();

        assertThat(StartupPacket.read(request)).contains(new CancelRequest(4711, facts.cancelSecret()));
        request.release();
    }

    @Test
    void aServerThatGaveNoKeyCannotBeAsked() {
        PostgresLinkFacts keyless = new PostgresLinkFacts(Map.of(), 0, Secret.of(""), 0);

        assertThat(protocol.cancelRequest(keyless, ALLOCATOR)).isEmpty();
    }

    @Test
    void theRestAreFixedBytes() {
        ByteBuf tls = protocol.tlsRequest(ALLOCATOR).orElseThrow();
        ByteBuf farewell = protocol.farewell(ALLOCATOR);

        assertThat(StartupPacket.read(tls)).contains(new SSLRequest());
        assertThat(farewell).isEqualTo(Unpooled.wrappedBuffer(new byte[] {'X', 0, 0, 0, 4}));
        tls.release();
        farewell.release();
    }
}
