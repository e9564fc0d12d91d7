package dev.tdb.local;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Programs from a tar archive on the class path, unpacked once into a folder of the cache and shared by all processes
 * of the machine. The folder appears whole or not at all, and is named after the archive's contents.
 */
final class UnpackedArchive {
    private static final Duration ABANDONED_AFTER = Duration.ofHours(1);
    private static final String UNFINISHED = ".unpacking-";
    private static final Pattern VERSION_OF_JAR = Pattern.compile("-(\\d+(?:\\.\\d+)+)\\.jar!");

    private UnpackedArchive() {}

    /**
     * The folder of the unpacked archive.
     *
     * @param product for names and for people, such as "PostgreSQL"
     * @param cache the folder for all archives; made when absent, open to every user
     */
    static Path of(URL archive, String product, Path cache, Progress progress) {
        Matcher matcher = VERSION_OF_JAR.matcher(archive.toString());
        String version = matcher.find() ? matcher.group(1) : "";
        String key = Stream.of(product.toLowerCase(Locale.ROOT), version, fingerprint(archive))
                .filter(part -> !part.isEmpty())
                .reduce((left, right) -> left + "-" + right)
                .orElseThrow();
        Path target = cache.toAbsolutePath().resolve(key);
        if (Files.isDirectory(target)) {
            return target;
        }
        progress.step(("unpacking " + product + " " + version).strip());
        try {
            Files.createDirectories(cache);
            deleteAbandoned(cache);
            unpack(archive, target);
            return target;
        } catch (IOException e) {
            throw new LocalServerException("cannot unpack " + archive + " into " + cache, e);
        }
    }

    private static void unpack(URL archive, Path target) throws IOException {
        Path unfinished = Files.createTempDirectory(target.getParent(), UNFINISHED);
        try {
            Path tree = Files.createDirectory(unfinished.resolve("tree"));
            try (InputStream in = open(archive).getInputStream();
                    TarArchiveInputStream tar =
                            new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(in)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    unpack(entry, tar, tree);
                }
            }
            // The server may run as another user than the one who unpacks.
            Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(tree, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(target)) { // else another process was first, with the same contents
                throw e;
            }
        } finally {
            FileTrees.delete(unfinished);
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream contents, Path tree) throws IOException {
        Path path = tree.resolve(entry.getName()).normalize();
        if (!path.startsWith(tree)) {
            throw new IOException("an archive entry outside of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(path, tree.resolve(entry.getLinkName()).normalize());
        } else {
            Files.copy(contents, path);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    /** Changes with the contents of the archive, and is known without reading them where they are in a jar. */
    private static String fingerprint(URL archive) {
        try {
            URLConnection connection = open(archive);
            if (connection instanceof JarURLConnection inJar) {
                try (JarFile jar = inJar.getJarFile()) {
                    JarEntry entry = jar.getJarEntry(inJar.getEntryName());
                    return HexFormat.of().toHexDigits((int) entry.getCrc());
                }
            }
            return Long.toHexString(connection.getContentLengthLong()) + Long.toHexString(connection.getLastModified());
        } catch (IOException e) {
            throw new LocalServerException("cannot read " + archive, e);
        }
    }

    private static URLConnection open(URL archive) throws IOException {
        URLConnection connection = archive.openConnection();
        connection.setUseCaches(false); // so that closing what we read closes the jar, and no one else's view of it
        return connection;
    }

    private static void deleteAbandoned(Path cache) throws IOException {
        Instant limit = Instant.now().minus(ABANDONED_AFTER);
        try (Stream<Path> entries = Files.list(cache)) {
            for (Path entry : entries.toList()) {
                if (entry.getFileName().toString().startsWith(UNFINISHED)
                        && Files.getLastModifiedTime(entry).toInstant().isBefore(limit)) {
                    FileTrees.delete(entry);
                }
            }
        }
    }
}
