package dev.tdb.local;

import java.nio.file.Path;
import java.util.List;

/** The users that every local PostgreSQL has; their passwords are made once, at random, and kept beside the data. */
record PostgresLogins(Login superuser, Login replication) {
    /** Makes new ones and saves them. */
    static PostgresLogins create(Path file) {
        PostgresLogins logins = new PostgresLogins(Login.random("postgres"), Login.random("tdb_replication"));
        logins.save(file);
        return logins;
    }

    static PostgresLogins load(Path file) {
        List<Login> logins = LoginFile.load(file, 2);
        return new PostgresLogins(logins.getFirst(), logins.getLast());
    }

    void save(Path file) {
        LoginFile.save(file, List.of(superuser, replication));
    }
}
