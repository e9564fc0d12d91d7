package dev.tdb.mysql.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.testkit.leak.NoLeaks;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where TCP cuts the two directions changes nothing of what either side is sent, nor where a unit ends. */
@ExtendWith(NoLeaks.class)
class RelayProperties {
    private static final int ROUNDS = Integer.getInteger("relay.seeds", 300);
    private static final int AUTOCOMMIT = 2;
    private static final int MORE = 8;

    private final long seed = new Random().nextLong();

    /** One command with what a server replies to it; statement ids are counted as the proxy counts them. */
    private static final class Exchange {
        private final byte[] command;
        private final byte[] reply;

        private Exchange(byte[] command, byte[] reply) {
            this.command = command;
            this.reply = reply;
        }
    }

    @Test
    void cutsChangeNothing() {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            int capabilities = random.nextBoolean() ? TestTalk.MODERN : TestTalk.OLD;
            List<Exchange> exchanges = exchanges(random, false);
            TestTalk whole = new TestTalk(capabilities);
            TestTalk cut = new TestTalk(capabilities);
            for (Exchange exchange : exchanges) {
                assertThat(sendCut(cut, exchange.command, random))
                        .as("seed %d", seed + round)
                        .isEqualTo(whole.client(exchange.command));
                assertThat(replyCut(cut, exchange.reply, random))
                        .as("seed %d", seed + round)
                        .isEqualTo(whole.server(exchange.reply));
                assertThat(cut.conversation.atSafePoint())
                        .as("seed %d", seed + round)
                        .isEqualTo(whole.conversation.atSafePoint())
                        .isTrue();
            }
        }
    }

    /** In a reply to an old client, packets are numbered without a gap, whatever was put in. */
    @Test
    void packetsAreNumberedWithoutAGap() {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            TestTalk talk = new TestTalk(TestTalk.OLD);
            for (Exchange exchange : exchanges(random, false)) {
                talk.client(exchange.command);
                int expected = 1;
                for (String packet : Wire.read(talk.server(exchange.reply))) {
                    assertThat(packet).as("seed %d", seed + round).startsWith((expected & 0xff) + " ");
                    expected++;
                }
            }
        }
    }

    /** Sent without waiting, commands are answered in their order, those that are answered here too. */
    @Test
    void aPipelineIsAnsweredInOrder() {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            TestTalk one = new TestTalk(TestTalk.MODERN);
            TestTalk all = new TestTalk(TestTalk.MODERN);
            ByteArrayOutputStream commands = new ByteArrayOutputStream();
            ByteArrayOutputStream replies = new ByteArrayOutputStream();
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            for (Exchange exchange : exchanges(random, true)) {
                commands.writeBytes(exchange.command);
                replies.writeBytes(exchange.reply);
                one.client(exchange.command);
                expected.writeBytes(one.server(exchange.reply));
                if (random.nextBoolean()) {
                    commands.writeBytes(Wire.query("USE other"));
                    one.client(Wire.query("USE other"));
                    expected.writeBytes(one.port.takeSent());
                }
            }
            all.client(commands.toByteArray());
            byte[] early = all.port.takeSent();

            byte[] answers = Wire.concat(early, replyCut(all, replies.toByteArray(), random));

            assertThat(answers).as("seed %d", seed + round).isEqualTo(expected.toByteArray());
            assertThat(all.conversation.atSafePoint())
                    .as("seed %d", seed + round)
                    .isTrue();
        }
    }

    /** Whatever the two sides say, it is relayed, or is one violation; and nothing is kept of it in the end. */
    @Test
    void anyBytesAreRelayedOrAreAViolation() {
        for (int round = 0; round < ROUNDS * 10; round++) {
            Random random = new Random(seed + round);
            TestTalk talk = new TestTalk(random.nextBoolean() ? TestTalk.MODERN : TestTalk.OLD);
            try {
                for (int i = random.nextInt(20); i >= 0; i--) {
                    noise(talk, random);
                }
            } catch (ProtocolViolation violation) {
                assertThat(violation.what()).isNotEmpty();
            } catch (RuntimeException bug) {
                throw new AssertionError("seed " + (seed + round), bug);
            }
            talk.conversation.close();
        }
    }

    private static void noise(TestTalk talk, Random random) {
        byte[] noise = new byte[random.nextInt(40)];
        random.nextBytes(noise);
        int[] codes = {0x02, 0x03, 0x0c, 0x0e, 0x11, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1f, 0xfa};
        int code = codes[random.nextInt(codes.length)];
        switch (random.nextInt(9)) {
            case 0 -> talk.client(noise);
            case 1 -> talk.client(Wire.command(code, noise));
            case 2 -> talk.client(random.nextBoolean(), Wire.command(code, Wire.int4(random.nextInt(3) - 1), noise));
            case 3 -> talk.server(noise);
            case 4 -> talk.server(Wire.packet(random.nextInt(3), noise));
            case 5 -> talk.server(Wire.ok(1, random.nextInt(0x10000)));
            case 6 -> talk.server(Wire.rows(1, random.nextInt(3)), Wire.end(5, random.nextInt(0x10000)));
            case 7 -> talk.server(Wire.prepared(1, random.nextInt(5), random.nextInt(3), random.nextInt(3)));
            default -> talk.server(Wire.packet(1, Wire.bytes(random.nextBoolean() ? 0xff : 0xfe, noise)));
        }
    }

    /** @param lastOnly whether statements are called "the one prepared last", since nobody waits for their ids */
    private static List<Exchange> exchanges(Random random, boolean lastOnly) {
        List<Exchange> exchanges = new ArrayList<>();
        int statements = 0;
        for (int i = random.nextInt(8); i >= 0; i--) {
            switch (random.nextInt(6)) {
                case 0 -> exchanges.add(new Exchange(Wire.command(0x0e), Wire.ok(1, AUTOCOMMIT)));
                case 1 -> {
                    int rows = random.nextInt(5);
                    byte[] reply = Wire.concat(Wire.rows(1, rows), Wire.end(3 + rows, AUTOCOMMIT));
                    exchanges.add(new Exchange(Wire.query("SELECT " + "x".repeat(random.nextInt(6000))), reply));
                }
                case 2 -> {
                    byte[] reply = Wire.concat(
                            Wire.rows(1, 1), Wire.end(4, AUTOCOMMIT | MORE), Wire.rows(5, 2), Wire.end(9, AUTOCOMMIT));
                    exchanges.add(new Exchange(Wire.query("SELECT 1; SELECT 2"), reply));
                }
                case 3 -> exchanges.add(new Exchange(Wire.query("SELECT x"), Wire.err(1, 1054, "Unknown column")));
                case 4 -> {
                    statements++;
                    byte[] reply = Wire.concat(
                            Wire.prepared(1, 1000 - statements, 1, 1), Wire.definition(2), Wire.definition(3));
                    exchanges.add(new Exchange(Wire.command(0x16, "SELECT ?"), reply));
                    int id = lastOnly ? -1 : statements;
                    byte[] execute = Wire.command(0x17, Wire.int4(id), 0, Wire.int4(1), 0, 1, 3, 0, Wire.int4(5));
                    exchanges.add(new Exchange(execute, Wire.concat(Wire.rows(1, 1), Wire.end(4, AUTOCOMMIT))));
                }
                default -> {
                    byte[] changes =
                            Wire.okWithChanges(1, AUTOCOMMIT, Wire.change(0, "time_zone", "UTC"), Wire.change(2, "1"));
                    exchanges.add(new Exchange(Wire.query("SET time_zone='UTC'"), changes));
                }
            }
        }
        return exchanges;
    }

    private static byte[] sendCut(TestTalk talk, byte[] bytes, Random random) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (byte[] piece : pieces(bytes, random)) {
            sent.writeBytes(talk.client(piece));
        }
        return sent.toByteArray();
    }

    private static byte[] replyCut(TestTalk talk, byte[] bytes, Random random) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (byte[] piece : pieces(bytes, random)) {
            sent.writeBytes(talk.server(piece));
        }
        return sent.toByteArray();
    }

    private static List<byte[]> pieces(byte[] bytes, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        int longest = random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(300);
        for (int at = 0; at < bytes.length; ) {
            int length = Math.min(bytes.length - at, 1 + random.nextInt(longest));
            pieces.add(Arrays.copyOfRange(bytes, at, at + length));
            at += length;
        }
        return pieces;
    }
}
