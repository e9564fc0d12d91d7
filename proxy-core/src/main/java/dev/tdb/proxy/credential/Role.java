package dev.tdb.proxy.credential;

import java.util.Locale;

/** What a credential may do. Each is a native role of the server, so that the database itself enforces it. */
public enum Role {
    /** Selects. */
    READ,
    /** Changes data. */
    WRITE,
    /** Is the owner, and may change the schema. */
    ADMIN;

    /** The name in the API and on the server: {@code read}, {@code write}, {@code admin}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for any other word than {@link #word()} gives */
    public static Role parse(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw new IllegalArgumentException("role '" + word + "', expected read, write or admin");
    }
}
