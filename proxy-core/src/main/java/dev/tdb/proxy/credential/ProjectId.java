package dev.tdb.proxy.credential;

/** A project's name on the wire and in the API, such as {@code tdb_2abf90d3}: the user name of its clients. */
public record ProjectId(String value) {
    public ProjectId {
        if (value.isEmpty() || value.length() > 63) {
            throw new IllegalArgumentException("project id of " + value.length() + " characters, expected 1 to 63");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
