package dev.tdb.local;

/** A user of a local server and its password, which is never printed. */
public record Login(String user, String password) {
    @Override
    public String toString() {
        return "Login[user=" + user + ", password of " + password.length() + " characters]";
    }
}
