package dev.tdb.local;

import java.nio.file.Path;
import java.util.List;

/** The environment of the servers and of their tools: ours, without what would change how they behave. */
final class ServerEnvironment {
    private static final List<String> FOREIGN_PREFIXES = List.of("PG", "LC_", "MYSQL", "MARIADB", "REDIS");

    private ServerEnvironment() {}

    /** @param home a folder that the server's user may enter; without it, tools look for a home that it may lack */
    static void apply(ProcessBuilder builder, Path home) {
        builder.environment()
                .keySet()
                .removeIf(name -> FOREIGN_PREFIXES.stream().anyMatch(name::startsWith));
        builder.environment().put("HOME", home.toString());
        builder.environment().put("LC_ALL", "C");
    }
}
