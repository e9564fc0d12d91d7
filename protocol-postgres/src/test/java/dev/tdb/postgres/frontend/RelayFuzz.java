package dev.tdb.postgres.frontend;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any bytes of either side at any point of a conversation are relayed, or are one violation. */
class RelayFuzz {
    @FuzzTest(maxDuration = "2m")
    void anyBytesAtAnyPoint(FuzzedDataProvider data) {
        new NoisyTalk(new NoisyTalk.Noise() {
                    @Override
                    public int number(int max) {
                        return data.consumeInt(0, max);
                    }

                    @Override
                    public byte[] bytes(int max) {
                        return data.consumeBytes(data.consumeInt(0, max));
                    }

                    @Override
                    public boolean isOver() {
                        return data.remainingBytes() == 0;
                    }
                })
                .play();
    }
}
