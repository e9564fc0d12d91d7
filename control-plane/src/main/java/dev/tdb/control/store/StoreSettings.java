package dev.tdb.control.store;

import dev.tdb.proxy.credential.Secret;
import java.nio.file.Path;

/**
 * Where the control database is.
 *
 * @param jdbcUrl {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://…}
 * @param user empty for SQLite
 */
public record StoreSettings(String jdbcUrl, String user, Secret password) {
    public static StoreSettings sqlite(Path file) {
        return new StoreSettings("jdbc:sqlite:" + file.toAbsolutePath(), "", Secret.of(""));
    }

    boolean isSqlite() {
        return jdbcUrl.startsWith("jdbc:sqlite:");
    }
}
