package dev.tdb.bench.load;

import java.io.IOException;

/** Something to be sent on any way. */
interface Load {
    String name();

    /** What is counted. */
    String unit();

    Placement placement();

    /** @param seconds how long, for a load that has no end of its own */
    Outcome run(Way way, int seconds) throws IOException, InterruptedException;
}
