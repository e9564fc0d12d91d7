package dev.tdb.local;

/** Is told, in words for a person, what a slow start is doing right now. Called on the thread that starts. */
@FunctionalInterface
public interface Progress {
    /** @param step one line without a full stop, such as "starting PostgreSQL 18.6 on port 15432" */
    void step(String step);

    /** Tells nobody. */
    static Progress silent() {
        return _ -> {};
    }
}
