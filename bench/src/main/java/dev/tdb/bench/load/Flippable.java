package dev.tdb.bench.load;

import java.io.IOException;

/** A relay whose route can be flipped to and fro. */
interface Flippable {
    Way way();

    /**
     * Flips the route once, under whatever load there is.
     *
     * @return what the relay says of it
     */
    String flip() throws IOException, InterruptedException;
}
