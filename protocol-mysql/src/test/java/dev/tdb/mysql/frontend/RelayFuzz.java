package dev.tdb.mysql.frontend;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tdb.proxy.refusal.ProtocolViolation;

/** Any bytes of either side at any point of a conversation are relayed, or are one violation. */
class RelayFuzz {
    @FuzzTest(maxDuration = "2m")
    void anyBytesAtAnyPoint(FuzzedDataProvider data) {
        TestTalk talk = new TestTalk(
                data.pickValue(new int[] {TestTalk.OLD, TestTalk.MODERN, TestTalk.ATTRIBUTES}),
                TestTalk.facts("8.0.31", 7, data.consumeBoolean()));
        try {
            while (data.remainingBytes() > 0) {
                step(talk, data);
            }
        } catch (ProtocolViolation _) {
            // The one way to end that is a peer's fault.
        } finally {
            talk.conversation.close();
        }
    }

    private static void step(TestTalk talk, FuzzedDataProvider data) {
        switch (data.consumeInt(0, 8)) {
            case 0 -> talk.client(Wire.query(data.consumeString(60)));
            case 1 -> talk.client(Wire.command(0x16, data.consumeString(20)));
            case 2 -> talk.client(data.consumeBoolean(), Wire.command(0x17, data.consumeBytes(30)));
            case 3 ->
                talk.client(
                        Wire.command(3, 1, 1, 0, 1, data.consumeBytes(4), 3, "key", data.consumeBytes(20), "SELECT 1"),
                        data.consumeBytes(20));
            case 4 -> talk.server(Wire.ok(1, data.consumeInt(0, 0xffff)));
            case 5 -> talk.server(Wire.rows(1, 2), Wire.end(5, data.consumeInt(0, 0xffff)));
            case 6 -> talk.server(Wire.prepared(1, 5, data.consumeInt(0, 2), data.consumeInt(0, 2)));
            case 7 -> {
                talk.client(Wire.command(0x11, data.consumeString(8), 0, data.consumeBytes(30)));
                talk.logins.takeSent();
            }
            default -> talk.server(data.consumeBytes(100));
        }
    }
}
