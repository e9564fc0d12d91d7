package dev.tdb.app;

import java.util.Optional;

/** The version of this program, as its jar states it. */
public final class Version {
    private Version() {}

    public static String current() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
