package dev.tdb.bench.load;

/** A relay that runs. */
interface Relay extends AutoCloseable {
    Way way();

    @Override
    void close();
}
