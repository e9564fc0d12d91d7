package dev.tdb.bench.load;

import dev.tdb.bench.wire.WireClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;

/** A hundred megabytes in one statement, on one connection. */
record BulkLoad(Direction direction, Placement placement, BenchServer server) implements Load {
    private static final int SELECTS = 8;
    private static final int COPIES = 3;
    private static final int ROWS_PER_MESSAGE = 8;
    private static final double MEGABYTE = 1e6;

    /** Which way the bytes go. */
    enum Direction {
        SELECT,
        COPY_IN
    }

    @Override
    public String name() {
        return (direction == Direction.SELECT ? "select 100 MB " : "copy in 100 MB ") + placement.word();
    }

    @Override
    public String unit() {
        return "MB";
    }

    @Override
    public Outcome run(Way way, int seconds) throws IOException, InterruptedException {
        return switch (direction) {
            case SELECT -> select(way);
            case COPY_IN -> copyIn(way);
        };
    }

    private static Outcome select(Way way) throws IOException {
        try (WireClient client = WireClient.open(way.endpoint())) {
            client.query("SELECT 1");
            long began = System.nanoTime();
            long bytes = 0;
            for (int i = 0; i < SELECTS; i++) {
                bytes += client.query("SELECT * FROM " + BenchServer.BIG_TABLE);
                if (client.rows() != BenchServer.BIG_ROWS) {
                    throw new IOException(client.rows() + " rows on the way " + way.name());
                }
            }
            return outcome(bytes, began);
        }
    }

    private Outcome copyIn(Way way) throws IOException {
        String row = "x".repeat(BenchServer.BIG_ROW_BYTES) + "\n";
        byte[] chunk = row.repeat(ROWS_PER_MESSAGE).getBytes(StandardCharsets.US_ASCII);
        int chunks = BenchServer.BIG_ROWS / ROWS_PER_MESSAGE;
        double megabytes = 0;
        double seconds = 0;
        try (WireClient client = WireClient.open(way.endpoint())) {
            for (int i = 0; i < COPIES; i++) {
                truncate();
                long began = System.nanoTime();
                client.load(BenchServer.COPY_TABLE, chunk, chunks);
                seconds += (System.nanoTime() - began) / 1e9;
                megabytes += (double) chunk.length * chunks / MEGABYTE;
            }
        }
        return new Outcome(megabytes, megabytes / seconds, Double.NaN, Double.NaN);
    }

    private void truncate() throws IOException {
        try {
            server.emptyCopies();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private static Outcome outcome(long bytes, long began) {
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Outcome(bytes / MEGABYTE, bytes / MEGABYTE / seconds, Double.NaN, Double.NaN);
    }
}
