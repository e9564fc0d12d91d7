package dev.tdb.app.config;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param line in the file, from 1; 0 when there is none
 * @param key with its sections, such as {@code listeners.postgres.address}
 * @param says what was found and what was expected
 */
public record Mistake(int line, String key, String says) {
    @Override
    public String toString() {
        return (line == 0 ? "" : "line " + line + ": ") + (key.isEmpty() ? "" : key + " ") + says;
    }
}
