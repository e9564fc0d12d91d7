package dev.tdb.bench.load;

/**
 * An outcome, and what it cost the relay.
 *
 * @param userMicros CPU of the relay's process for one of what is counted; NaN on the straight way
 */
record Sample(Outcome outcome, double userMicros, double systemMicros) {
    double cpuMicros() {
        return userMicros + systemMicros;
    }
}
