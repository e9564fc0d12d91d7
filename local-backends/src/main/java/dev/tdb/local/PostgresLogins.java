package dev.tdb.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/** The users that every local PostgreSQL has; their passwords are made once, at random, and kept beside the data. */
record PostgresLogins(Login superuser, Login replication) {
    private static final int PASSWORD_BYTES = 24;

    /** Makes new ones and saves them. */
    static PostgresLogins create(Path file) {
        SecureRandom random = new SecureRandom();
        PostgresLogins logins = new PostgresLogins(
                new Login("postgres", password(random)), new Login("tdb_replication", password(random)));
        logins.save(file);
        return logins;
    }

    static PostgresLogins load(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return new PostgresLogins(login(lines, 0), login(lines, 1));
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new LocalServerException("cannot read the logins of a server from " + file, e);
        }
    }

    void save(Path file) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, List.of(line(superuser), line(replication)), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new LocalServerException("cannot write " + file, e);
        }
    }

    private static String line(Login login) {
        return login.user() + " " + login.password();
    }

    private static Login login(List<String> lines, int index) {
        String line = lines.get(index);
        int blank = line.indexOf(' ');
        return new Login(line.substring(0, blank), line.substring(blank + 1));
    }

    /** Letters, digits, minus and underscore only: it needs no quoting anywhere. */
    private static String password(SecureRandom random) {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
