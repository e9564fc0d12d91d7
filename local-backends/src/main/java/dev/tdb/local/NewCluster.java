package dev.tdb.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** An empty cluster, made by {@code initdb}: UTF-8, C.UTF-8 order, and no way in without a password. */
record NewCluster() implements PostgresOrigin {
    /** The first major version whose own locales do not depend on those of the machine. */
    private static final int BUILTIN_LOCALES_SINCE = 17;

    private static final String HBA = """
        # Every user, from wherever listen_addresses lets it come, shows its password.
        host all         all all scram-sha-256
        host replication all all scram-sha-256
        """;

    @Override
    public void create(PostgresDirectory directory, PostgresSpec spec, RunAs runAs) {
        spec.progress().step("initialising " + directory.root());
        PostgresLogins logins = PostgresLogins.create(directory.logins());
        try {
            Path unfinished = directory.newUnfinished();
            runAs.own(unfinished);
            initdb(directory, unfinished, logins.superuser(), spec, runAs);
            Files.writeString(unfinished.resolve("pg_hba.conf"), HBA);
            Files.writeString(
                    unfinished.resolve("postgresql.conf"),
                    "\ninclude_if_exists = '" + directory.settings().getFileName() + "'\n",
                    StandardOpenOption.APPEND);
            Files.move(unfinished, directory.data(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LocalServerException("cannot initialise " + directory.data(), e);
        }
    }

    private static void initdb(
            PostgresDirectory directory, Path unfinished, Login superuser, PostgresSpec spec, RunAs runAs)
            throws IOException {
        Path passwordFile = directory.newUnfinishedFile();
        try {
            Files.writeString(passwordFile, superuser.password());
            runAs.own(passwordFile);
            List<String> command = new ArrayList<>(runAs.prefix());
            command.addAll(List.of(
                    spec.binaries().program("initdb").toString(),
                    "--pgdata=" + unfinished,
                    "--username=" + superuser.user(),
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--no-instructions"));
            if (spec.binaries().major() >= BUILTIN_LOCALES_SINCE) {
                command.addAll(List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
            } else {
                command.add("--locale=C");
            }
            if ("off".equals(spec.settings().get("fsync"))) {
                command.add("--no-sync");
            }
            ShortCommand.Outcome outcome = ShortCommand.run(command, directory.root(), spec.patience());
            if (!outcome.succeeded()) {
                throw new LocalServerException("initdb failed in " + directory.root() + ":\n" + outcome.text());
            }
        } finally {
            Files.delete(passwordFile);
        }
    }
}
