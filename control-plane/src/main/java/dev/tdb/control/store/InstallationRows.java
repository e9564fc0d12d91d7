package dev.tdb.control.store;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Facts of the installation, by name. */
public final class InstallationRows {
    private final Handle handle;

    InstallationRows(Handle handle) {
        this.handle = handle;
    }

    public Optional<String> find(String name) {
        return handle.createQuery("SELECT value FROM installation WHERE name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .findOne();
    }

    public void put(String name, String value) {
        handle.createUpdate("INSERT INTO installation (name, value) VALUES (:name, :value)"
                        + " ON CONFLICT (name) DO UPDATE SET value = excluded.value")
                .bind("name", name)
                .bind("value", value)
                .execute();
    }

    public void remove(String name) {
        handle.createUpdate("DELETE FROM installation WHERE name = :name")
                .bind("name", name)
                .execute();
    }
}
