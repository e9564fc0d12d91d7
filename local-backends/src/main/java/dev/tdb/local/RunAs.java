package dev.tdb.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The user that a server runs as. Servers refuse to run as root, so root gives up its rights first, in the first way of
 * these that works on this machine for these folders.
 */
enum RunAs {
    /** We are not root: the server is us. */
    SELF,
    /** The user nobody, who owns the data; every folder above it, and the programs, must be open to all. */
    NOBODY,
    /**
     * Root of this machine, seen as nobody from inside a user namespace of its own and without root's rights; the data
     * is owned by root. Containers commonly forbid it.
     */
    NAMESPACE,
    /** The user nobody, who may pass through closed folders such as {@code /root}. */
    NOBODY_ANYWHERE;

    private static final int ROOT_UID = 0;
    private static final int NOBODY_UID = 65534;
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(10);

    /**
     * How a server can be run that works in {@code directory}.
     *
     * @param directory exists, and is owned by us
     * @param program what shall be run
     */
    static RunAs choose(Path directory, Path program) {
        if (!weAreRoot()) {
            return SELF;
        }
        List<String> failures = new ArrayList<>();
        for (RunAs candidate : List.of(NOBODY, NAMESPACE, NOBODY_ANYWHERE)) {
            String failure = candidate.probe(directory, program);
            if (failure.isEmpty()) {
                return candidate;
            }
            failures.add("  " + String.join(" ", candidate.prefix()) + ": " + failure);
        }
        throw new LocalServerException("database servers refuse to run as root, and no other user can run " + program
                + " in " + directory + ". Run as another user, open the folders above it (chmod o+x)"
                + closedFolder(directory, program) + ", or install setpriv (util-linux). Tried:\n"
                + String.join("\n", failures));
    }

    /** What stands before a command so that this user runs it. Each word replaces itself, so the pid stays. */
    List<String> prefix() {
        return switch (this) {
            case SELF -> List.of();
            case NOBODY -> setpriv();
            case NAMESPACE -> List.of("unshare", "--user", "--");
            // Without the securebit, access(2) would ignore the capability, and initdb could not find postgres.
            case NOBODY_ANYWHERE ->
                setpriv("--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup");
        };
    }

    /** Makes {@code tree} and all in it belong to this user, unless its top already does. */
    void own(Path tree) {
        switch (this) {
            case SELF -> {}
            case NAMESPACE -> chown(tree, ROOT_UID);
            case NOBODY, NOBODY_ANYWHERE -> chown(tree, NOBODY_UID);
        }
    }

    private static List<String> setpriv(String... more) {
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=" + NOBODY_UID, "--regid=" + NOBODY_UID, "--clear-groups"));
        command.addAll(List.of(more));
        command.add("--");
        return command;
    }

    private static boolean weAreRoot() {
        return ProcessHandle.current().info().user().filter("root"::equals).isPresent();
    }

    /** Empty, or why this user cannot run {@code program} in {@code directory}. */
    private String probe(Path directory, Path program) {
        List<String> command = new ArrayList<>(prefix());
        command.addAll(List.of(
                "sh",
                "-c",
                "cd \"$1\" && { test -r \"$2\" && test -x \"$2\" || { echo \"cannot run $2\"; exit 1; }; }",
                "probe",
                directory.toString(),
                program.toString()));
        if (Executables.onPath(command.getFirst()).isEmpty()) {
            return "not found on the PATH";
        }
        ShortCommand.Outcome outcome = ShortCommand.run(command, Path.of("/"), PROBE_PATIENCE);
        return outcome.succeeded() ? "" : outcome.exitCode() + " " + outcome.text();
    }

    private static void chown(Path tree, int uid) {
        try {
            // The top is changed last, so a change that was cut short is seen and made again.
            if (!Files.getAttribute(tree, "unix:uid").equals(uid)) {
                FileTrees.chown(tree, uid);
            }
        } catch (IOException e) {
            throw new LocalServerException("cannot see who owns " + tree, e);
        }
    }

    private static String closedFolder(Path... paths) {
        for (Path path : paths) {
            for (Path folder = path.getParent(); folder != null; folder = folder.getParent()) {
                try {
                    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
                    if (!permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                        return ", namely " + folder + " (" + PosixFilePermissions.toString(permissions) + ")";
                    }
                } catch (IOException e) {
                    return ", namely " + folder + " (" + e + ")";
                }
            }
        }
        return "";
    }
}
