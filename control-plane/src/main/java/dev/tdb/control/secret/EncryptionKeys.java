package dev.tdb.control.secret;

import dev.tdb.proxy.credential.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of {@link SecretCipher}, by id: the first encrypts, all decrypt. So a new key is put in front, what is kept is
 * written anew, and the old key is taken away.
 *
 * @param currentId of the key that encrypts
 */
public record EncryptionKeys(String currentId, Map<String, Secret> byId) {
    /** The environment variable that goes before the file: {@code id=hex} entries, separated by commas. */
    public static final String VARIABLE = "TDB_ENCRYPTION_KEYS";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-------")));
    private static final int KEY_BYTES = 32;
    private static final String ID_PATTERN = "[a-zA-Z0-9_-]{1,32}";

    public EncryptionKeys {
        byId = Map.copyOf(byId);
        if (!byId.containsKey(currentId)) {
            throw new IllegalArgumentException("no encryption key " + currentId);
        }
    }

    /**
     * From the environment, else from {@code file}, which is made with one new key when it is missing.
     *
     * @param variable the value of {@link #VARIABLE}, or null
     */
    public static EncryptionKeys load(Path file, @Nullable String variable) {
        if (variable != null && !variable.isBlank()) {
            return parse(List.of(variable.split(",")), VARIABLE);
        }
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            return parse(Files.readAllLines(file), file.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("encryption keys " + file, e);
        }
    }

    /** @throws IllegalArgumentException when {@code file} is there and {@link #load} could not use it */
    public static void check(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try {
            parse(Files.readAllLines(file), file.toString());
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read", e);
        }
    }

    static EncryptionKeys parse(List<String> entries, String origin) {
        Map<String, Secret> keys = new LinkedHashMap<>();
        for (String entry : entries) {
            String text = entry.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            int equals = text.indexOf('=');
            String id = equals < 0 ? "" : text.substring(0, equals).strip();
            if (!id.matches(ID_PATTERN)) {
                throw new IllegalArgumentException(origin + ": expected id=hex entries");
            }
            keys.put(id, key(text.substring(equals + 1).strip(), origin, id));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(origin + ": no encryption key, expected id=hex entries");
        }
        return new EncryptionKeys(keys.keySet().iterator().next(), keys);
    }

    private static Secret key(String hex, String origin, String id) {
        if (!hex.matches("[0-9a-fA-F]{" + 2 * KEY_BYTES + "}")) {
            throw new IllegalArgumentException(
                    origin + ": key " + id + " has " + hex.length() + " characters, expected 64 hexadecimal digits");
        }
        return Secret.ofHex(hex);
    }

    /**
     * Puts a new key before those of {@code file}, which is replaced as a whole: whoever reads it meanwhile sees the old
     * file or the new one. A tdb that runs goes on with the keys it has read.
     *
     * @return the id of the new key
     */
    public static String addTo(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            EncryptionKeys before = parse(lines, file.toString());
            int number = before.byId().size() + 1;
            while (before.byId().containsKey("k" + number)) {
                number++;
            }
            String id = "k" + number;
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.deleteIfExists(next);
            Files.createFile(next, OWNER_ONLY);
            belongAs(file, next);
            List<String> all = new ArrayList<>(List.of(entry(id)));
            all.addAll(lines);
            Files.write(next, all);
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException("encryption keys " + file, e);
        }
    }

    /** So that tdb can read it whoever put the key in. */
    private static void belongAs(Path before, Path next) throws IOException {
        PosixFileAttributes was = Files.readAttributes(before, PosixFileAttributes.class);
        PosixFileAttributeView now = Files.getFileAttributeView(next, PosixFileAttributeView.class);
        now.setGroup(was.group());
        now.setOwner(was.owner());
        now.setPermissions(was.permissions());
    }

    private static String entry(String id) {
        return id + "=" + Tokens.bytes(KEY_BYTES).revealHex();
    }

    /** Readable by its owner only from the first moment. */
    private static void make(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        try {
            Files.createFile(file, OWNER_ONLY);
        } catch (FileAlreadyExistsException e) {
            return; // another process was first: its keys are read
        }
        Files.writeString(file, entry("k1") + "\n");
    }

    Secret current() {
        return find(currentId);
    }

    Secret find(String id) {
        Secret key = byId.get(id);
        if (key == null) {
            throw new IllegalStateException("encryption key " + id + " is missing");
        }
        return key;
    }

    @Override
    public String toString() {
        return "EncryptionKeys[current " + currentId + " of " + byId.size() + "]";
    }
}
