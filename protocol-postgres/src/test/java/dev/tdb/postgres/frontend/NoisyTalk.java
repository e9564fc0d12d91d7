package dev.tdb.postgres.frontend;

import dev.tdb.postgres.backend.PostgresSessionState;
import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Any bytes, from either side, through any method of a conversation: it goes on, or says once that somebody broke the
 * protocol.
 */
final class NoisyTalk {
    /** Where the noise comes from. */
    interface Noise {
        /** 0 to {@code max}. */
        int number(int max);

        byte[] bytes(int max);

        boolean isOver();
    }

    private static final byte[] CLIENT_TYPES = {'Q', 'P', 'B', 'E', 'D', 'C', 'S', 'H', 'F', 'd', 'c', 'f', 'X', 'p', 0
    };
    private static final byte[] SERVER_TYPES = {
        '1', '2', '3', 't', 'T', 'n', 'D', 'C', 'I', 's', 'E', 'N', 'A', 'S', 'Z', 'G', 'H', 'W', 'V', 'd', 'c', 'K',
        'v', 0
    };

    private final TestTalk talk = TestTalk.begun();
    private final Noise noise;

    NoisyTalk(Noise noise) {
        this.noise = noise;
    }

    void play() {
        try {
            while (!noise.isOver()) {
                step();
            }
        } catch (ProtocolViolation expected) {
            // One end of the story.
        }
        talk.conversation.close();
    }

    private void step() {
        PostgresConversation conversation = talk.conversation;
        switch (noise.number(11)) {
            case 0, 1 -> {
                ByteBuf in = input(CLIENT_TYPES);
                int count = conversation.fromClient(in, noise.number(1) == 0);
                check(count >= 0 && count <= in.readableBytes() && in.readerIndex() == 0);
            }
            case 2, 3, 4 -> {
                ByteBuf in = input(SERVER_TYPES);
                int rest = conversation.clientMessageRest(in);
                check(rest >= 0 && rest <= in.readableBytes());
                conversation.fromServer(in);
                check(in.readerIndex() == 0);
            }
            case 5 -> conversation.skipAtSafePoint(input(CLIENT_TYPES));
            case 6 -> conversation.answerHeld(input(CLIENT_TYPES));
            case 7 -> {
                ByteBuf in = input(CLIENT_TYPES);
                conversation.refuse(in, new Refusal.Suspended("shop__acme"));
                check(!in.isReadable());
            }
            case 8 -> {
                ByteBuf in = input(SERVER_TYPES);
                conversation.fromServerWhileHeld(in);
                check(!in.isReadable());
            }
            case 9 -> ask(conversation.describe(TestTalk.facts(Map.of())));
            case 10 -> ask(conversation.replay(state(), TestTalk.facts(Map.of())));
            default -> {
                conversation.heldFor(noise.number(1000));
                check(!conversation.activity().isEmpty());
                check(!conversation.atSafePoint() || !conversation.isClientMessageOpen());
            }
        }
    }

    private void ask(Exchange<?> exchange) {
        exchange.request(UnpooledByteBufAllocator.DEFAULT).release();
        for (int i = 0; i < 4 && !noise.isOver(); i++) {
            if (exchange.onBytes(input(SERVER_TYPES)).isPresent()) {
                return;
            }
        }
    }

    private static PostgresSessionState state() {
        return new PostgresSessionState(
                List.of(new PostgresSessionState.Setting("a", "b")),
                List.of(),
                "role",
                List.of("PREPARE x AS SELECT 1"),
                List.of(),
                Optional.empty(),
                List.of("channel"));
    }

    /** Messages with a right length as a rule, so that what is behind the header is read, too. */
    private ByteBuf input(byte[] types) {
        ByteBuf in = Unpooled.buffer();
        for (int i = noise.number(3); i >= 0; i--) {
            byte[] body = noise.bytes(60);
            if (noise.number(9) > 0) {
                in.writeByte(types[noise.number(types.length - 1)]).writeInt(4 + body.length);
            }
            in.writeBytes(body);
        }
        return in;
    }

    private static void check(boolean law) {
        if (!law) {
            throw new AssertionError("a law of the conversation is broken");
        }
    }
}
