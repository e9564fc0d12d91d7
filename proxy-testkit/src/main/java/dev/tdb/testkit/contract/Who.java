package dev.tdb.testkit.contract;

import dev.tdb.proxy.credential.Secret;

/**
 * What a client logs in with.
 *
 * @param user the project's id
 * @param database {@code blueprint__tenant}
 */
public record Who(String user, Secret password, String database) {
    public Who withPassword(String other) {
        return new Who(user, Secret.of(other), database);
    }

    public Who withUser(String other) {
        return new Who(other, password, database);
    }

    public Who withDatabase(String other) {
        return new Who(user, password, other);
    }
}
