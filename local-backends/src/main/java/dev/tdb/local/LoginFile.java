package dev.tdb.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** The logins of a server, kept beside its data for its owner only: a line for each. */
final class LoginFile {
    private LoginFile() {}

    static void save(Path file, List<Login> logins) {
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(
                    file,
                    logins.stream()
                            .map(login -> login.user() + " " + login.password())
                            .toList(),
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new LocalServerException("cannot write " + file, e);
        }
    }

    /** The first {@code count} of them. */
    static List<Login> load(Path file, int count) {
        try {
            List<String> lines = Files.readAllLines(file);
            List<Login> logins = new ArrayList<>();
            for (String line : lines.subList(0, count)) {
                int blank = line.indexOf(' ');
                logins.add(new Login(line.substring(0, blank), line.substring(blank + 1)));
            }
            return List.copyOf(logins);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new LocalServerException("cannot read the logins of a server from " + file, e);
        }
    }
}
