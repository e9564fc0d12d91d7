package dev.tdb.postgres.frontend;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NoisyTalkProperties {
    private static final int SEEDS = Integer.getInteger("noise.seeds", 40);
    private static final int TALKS = 50;

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyBytesGoOnOrAreOneViolation(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < TALKS; i++) {
            new NoisyTalk(new RandomNoise(random, 1 + random.nextInt(200))).play();
        }
    }

    private static final class RandomNoise implements NoisyTalk.Noise {
        private static final byte[] TELLING =
                "\0\0\0\0SELECT set_config('a.b',$1) P$;\"'0123456789IET".getBytes(StandardCharsets.US_ASCII);

        private final Random random;
        private int left;

        RandomNoise(Random random, int steps) {
            this.random = random;
            this.left = steps;
        }

        @Override
        public int number(int max) {
            return random.nextInt(max + 1);
        }

        @Override
        public byte[] bytes(int max) {
            left--;
            byte[] bytes = new byte[random.nextInt(4) == 0 ? 1 : random.nextInt(max)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(4) == 0 ? (byte) random.nextInt() : TELLING[random.nextInt(TELLING.length)];
            }
            return bytes;
        }

        @Override
        public boolean isOver() {
            return left <= 0;
        }
    }
}
