package dev.tdb.postgres.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random talks, cut anywhere in both directions, with holds at random points, against a reference that knows everything.
 * The laws: a safe point is reported exactly when there is one; a hold is reached without help of a held message; what
 * client and server get is what they would have got from each other.
 */
class RelayProperties {
    private static final int SEEDS = Integer.getInteger("relay.seeds", 400);

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aRelayThatHoldsNowAndThenIsNoticedByNobody(long seed) {
        new Run(seed).play();
    }

    /** One talk: the part of the session is played as its states play it. */
    private static final class Run {
        private final long seed;
        private final Random random;
        private final TestTalk talk = TestTalk.begun();
        private final FakePostgres server = new FakePostgres();
        private final ByteBuf fromClient;
        private final byte[] script;
        private final ByteBuf parked = Unpooled.buffer();
        private final ByteBuf replies = Unpooled.buffer();
        private final ByteArrayOutputStream delivered = new ByteArrayOutputStream();
        private final int pieceMax;
        private boolean holding;
        private boolean inFlight;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.script = new RandomClient(random).units(1 + random.nextInt(12));
            this.fromClient = Unpooled.wrappedBuffer(script);
            this.pieceMax = 1 << random.nextInt(10);
        }

        void play() {
            while (fromClient.isReadable() || parked.isReadable() || !isQuiet()) {
                switch (random.nextInt(6)) {
                    case 0 -> clientSends();
                    case 1, 2 -> server.step();
                    case 3 -> proxyReadsServer();
                    case 4 -> holding ^= random.nextInt(8) == 0;
                    default -> {
                        if (random.nextInt(20) == 0) {
                            settle();
                        }
                    }
                }
                release();
                compare();
            }
            FakePostgres direct = new FakePostgres();
            direct.receive(script);
            while (direct.step()) {
                // on to the end
            }
            assertThat(delivered.toByteArray()).as("seed %d", seed).isEqualTo(direct.takeSaid());
            assertThat(talk.port.takeEvents()).as("seed %d", seed).hasSize(direct.reports());
            assertThat(talk.port.takeSent()).isEmpty();
            assertThat(talk.atSafePoint()).isTrue();
        }

        private void clientSends() {
            parked.writeBytes(piece(fromClient));
        }

        /** Whatever the session may pass on now, it does. */
        private void release() {
            if (!inFlight && !holding) {
                talk.conversation.skipAtSafePoint(parked);
            }
            if (parked.isReadable() && (inFlight || !holding)) {
                int count = talk.conversation.fromClient(parked, holding);
                if (!holding && count != parked.readableBytes()) {
                    throw new AssertionError("seed " + seed + ": kept back without a hold");
                }
                byte[] forwarded = new byte[count];
                parked.readBytes(forwarded);
                parked.discardReadBytes();
                server.receive(forwarded);
                inFlight = !talk.atSafePoint();
            }
        }

        private void proxyReadsServer() {
            replies.writeBytes(server.takeSaid());
            ByteBuf some = piece(replies);
            talk.conversation.fromServer(some);
            delivered.writeBytes(ByteBufUtil.getBytes(some));
            inFlight = !talk.atSafePoint();
        }

        private ByteBuf piece(ByteBuf from) {
            return from.readBytes(Math.min(from.readableBytes(), random.nextInt(pieceMax) + 1));
        }

        private boolean isQuiet() {
            return server.isAtRest() && server.hasSaidAll() && !replies.isReadable();
        }

        private void compare() {
            // A message that the proxy has seen in part, the server has in part.
            if (talk.atSafePoint() != isQuiet()) {
                throw new AssertionError("seed " + seed + ": a safe point is reported: " + talk.atSafePoint());
            }
        }

        /** The client says no more for now: a hold must be reached, if the client has not stopped within a unit. */
        private void settle() {
            do {
                while (server.step()) {
                    // on
                }
                replies.writeBytes(server.takeSaid());
                while (replies.isReadable()) {
                    proxyReadsServer();
                }
                release();
            } while (!server.hasSaidAll() || server.step());
            if (holding && parked.isReadable()) {
                assertThat(talk.atSafePoint())
                        .as("seed %d waits for what it holds", seed)
                        .isTrue();
            }
        }
    }
}
