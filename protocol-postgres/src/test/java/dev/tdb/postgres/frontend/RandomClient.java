package dev.tdb.postgres.frontend;

import java.io.ByteArrayOutputStream;
import java.util.Random;

/** What a client might send, for {@link FakePostgres}: valid, pipelined without mercy, ending outside any unit. */
final class RandomClient {
    private static final String[] STATEMENTS = {
        "insert", "rows", "begin", "commit", "error", "", "copy out", "copy in", "syntax", "bad value", "deferred"
    };

    private final Random random;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    RandomClient(Random random) {
        this.random = random;
    }

    byte[] units(int count) {
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> query();
                case 2 -> send(ClientBytes.functionCall(1));
                case 3 -> strays();
                default -> batch();
            }
        }
        send(ClientBytes.sync(), ClientBytes.query("commit"));
        return sent.toByteArray();
    }

    private void query() {
        String statement = statement();
        if (statement.equals("copy in")) {
            if (random.nextBoolean()) {
                send(ClientBytes.query(statement));
            } else {
                send(ClientBytes.query("copy in;insert;copy in"));
                copy();
            }
            copy();
        } else if (random.nextInt(3) == 0) {
            send(ClientBytes.query("insert;" + statement + ";rows"));
        } else {
            send(ClientBytes.query(statement));
        }
    }

    /** Usually with its Sync; without one, the next unit goes on with it. */
    private void batch() {
        int statements = 1 + random.nextInt(3);
        for (int i = 0; i < statements; i++) {
            String statement = statement();
            boolean isCopy = statement.equals("copy in");
            String name = random.nextBoolean() ? "" : "s" + random.nextInt(3);
            send(ClientBytes.parse(name, statement));
            maybe(ClientBytes.describeStatement(name));
            send(ClientBytes.bind("", name));
            maybe(ClientBytes.describePortal(""));
            maybe(ClientBytes.flush());
            if (isCopy) {
                send(ClientBytes.execute());
                maybe(ClientBytes.sync());
                copy();
                send(ClientBytes.sync());
                return;
            }
            send(ClientBytes.execute("", random.nextInt(2)));
            maybe(ClientBytes.closeStatement(name));
            maybe(ClientBytes.flush());
        }
        if (random.nextInt(5) > 0) {
            send(ClientBytes.sync());
        }
    }

    private void copy() {
        int rows = random.nextInt(4);
        for (int i = 0; i < rows; i++) {
            send(ClientBytes.copyData(random.nextInt(6) == 0 ? "!bad" : "x".repeat(random.nextInt(40))));
            maybe(ClientBytes.flush());
        }
        send(random.nextInt(4) == 0 ? ClientBytes.copyFail("no") : ClientBytes.copyDone());
    }

    private void strays() {
        send(ClientBytes.flush());
        maybe(ClientBytes.copyData("late"));
        maybe(ClientBytes.copyDone());
        maybe(ClientBytes.sync());
    }

    private String statement() {
        return STATEMENTS[random.nextInt(STATEMENTS.length)];
    }

    private void maybe(byte[] message) {
        if (random.nextInt(4) == 0) {
            send(message);
        }
    }

    private void send(byte[]... messages) {
        sent.writeBytes(ClientBytes.all(messages));
    }
}
