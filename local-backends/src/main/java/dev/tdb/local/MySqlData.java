package dev.tdb.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Makes a new, empty data directory, with one user that may do everything and must show its password. */
final class MySqlData {
    private MySqlData() {}

    static void create(MySqlDirectory directory, MySqlSpec spec, RunAs runAs) {
        spec.progress().step("initialising " + directory.root());
        Login superuser = Login.random("root");
        LoginFile.save(directory.logins(), List.of(superuser));
        try {
            Path unfinished = directory.newUnfinished();
            Path users = directory.newUnfinishedFile();
            try {
                Files.writeString(users, users(spec.binaries().flavour(), superuser));
                Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-------"));
                runAs.own(users);
                runAs.own(unfinished);
                initialise(directory, unfinished, users, spec, runAs);
            } finally {
                Files.delete(users);
            }
            MySqlDirectory.sign(unfinished, spec.binaries());
            Files.move(unfinished, directory.data(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LocalServerException("cannot initialise " + directory.data(), e);
        }
    }

    private static void initialise(MySqlDirectory directory, Path unfinished, Path users, MySqlSpec spec, RunAs runAs) {
        MySqlBinaries binaries = spec.binaries();
        List<String> command = new ArrayList<>(runAs.prefix());
        switch (binaries.flavour()) {
            case MARIADB ->
                command.addAll(List.of(
                        "sh",
                        script(binaries).toString(),
                        "--no-defaults",
                        "--force",
                        "--skip-test-db",
                        "--auth-root-authentication-method=normal",
                        "--basedir=" + binaries.home(),
                        "--datadir=" + unfinished,
                        "--extra-file=" + users));
            case MYSQL ->
                command.addAll(List.of(
                        binaries.server().toString(),
                        "--no-defaults",
                        "--initialize-insecure",
                        "--datadir=" + unfinished,
                        "--init-file=" + users));
        }
        ShortCommand.Outcome outcome = ShortCommand.run(command, directory.root(), spec.patience());
        if (!outcome.succeeded()) {
            throw new LocalServerException("no data could be made in " + directory.root() + ":\n" + outcome.text());
        }
    }

    private static Path script(MySqlBinaries binaries) {
        Path own = binaries.home().resolve("scripts/mariadb-install-db");
        return Files.exists(own) ? own : binaries.home().resolve("bin/mariadb-install-db");
    }

    /** The servers make users without a password; none of them stays. */
    private static String users(MySqlBinaries.Flavour flavour, Login superuser) {
        String forget = switch (flavour) {
            case MARIADB -> "DELETE FROM mysql.global_priv WHERE User <> 'mariadb.sys';\nFLUSH PRIVILEGES;\n";
            case MYSQL -> "DROP USER 'root'@'localhost';\n";
        };
        String name = "'" + superuser.user() + "'@'" + Ports.HOST + "'";
        return forget
                + "CREATE USER " + name + " IDENTIFIED BY '" + superuser.password() + "';\n"
                + "GRANT ALL ON *.* TO " + name + " WITH GRANT OPTION;\n";
    }
}
