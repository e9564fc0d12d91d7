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
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Programs from an archive on the class path, unpacked once into a folder of the cache and shared by all processes
 * of the machine. The folder appears whole or not at all, and is named after the archive's contents.
 */
final class UnpackedArchive {
    private static final Duration ABANDONED_AFTER = Duration.ofHours(1);
    private static final String UNFINISHED = ".unpacking-";
    private static final Pattern VERSION_OF_JAR = Pattern.compile("-(\\d+(?:\\.\\d+)+)\\.jar!");

    private UnpackedArchive() {}

    /** Puts the contents into an empty folder. */
    private interface Contents {
        void unpackTo(Path tree) throws IOException;
    }

    /**
     * The folder of the unpacked archive.
     *
     * @param archive a tar, compressed by xz or gzip
     * @param product for names and for people, such as "PostgreSQL"
     * @param cache the folder for all archives; made when absent, open to every user
     */
    static Path of(URL archive, String product, Path cache, Progress progress) {
        return once(archive, product, cache, progress, tree -> unpackTar(archive, tree));
    }

    /**
     * The same for a folder of a jar, whose files are there one by one. Those in {@code bin} and {@code scripts} are
     * programs.
     *
     * @param file one of them, by which the contents are known
     * @param folder the folder's name in the jar, with a slash at its end
     * @param wanted the names in it that are unpacked
     */
    static Path ofFolder(URL file, String folder, Pattern wanted, String product, Path cache, Progress progress) {
        return once(file, product, cache, progress, tree -> unpackFolder(file, folder, wanted, tree));
    }

    private static Path once(URL archive, String product, Path cache, Progress progress, Contents contents) {
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
            unpack(contents, target);
            return target;
        } catch (IOException e) {
            throw new LocalServerException("cannot unpack " + archive + " into " + cache, e);
        }
    }

    private static void unpack(Contents contents, Path target) throws IOException {
        Path unfinished = Files.createTempDirectory(target.getParent(), UNFINISHED);
        try {
            Path tree = Files.createDirectory(unfinished.resolve("tree"));
            contents.unpackTo(tree);
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

    private static void unpackTar(URL archive, Path tree) throws IOException {
        try (InputStream in = new BufferedInputStream(open(archive).getInputStream());
                TarArchiveInputStream tar = new TarArchiveInputStream(
                        archive.getPath().endsWith("gz") ? new GZIPInputStream(in) : new XZCompressorInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, tree);
            }
        }
    }

    private static void unpackFolder(URL file, String folder, Pattern wanted, Path tree) throws IOException {
        if (!(open(file) instanceof JarURLConnection connection)) {
            throw new IOException(file + " is not in a jar");
        }
        try (JarFile jar = connection.getJarFile()) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                String name =
                        entry.getName().startsWith(folder) ? entry.getName().substring(folder.length()) : "";
                if (!entry.isDirectory() && wanted.matcher(name).matches()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        write(in, inside(tree, name), name.startsWith("bin/") || name.startsWith("scripts/"));
                    }
                }
            }
        }
    }

    private static Path inside(Path tree, String name) throws IOException {
        Path path = tree.resolve(name).normalize();
        if (!path.startsWith(tree)) {
            throw new IOException("an archive entry outside of its folder: " + name);
        }
        return path;
    }

    private static void write(InputStream contents, Path path, boolean executable) throws IOException {
        Files.createDirectories(path.getParent());
        Files.copy(contents, path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static void unpack(TarArchiveEntry entry, InputStream contents, Path tree) throws IOException {
        Path path = inside(tree, entry.getName());
        if (entry.isDirectory()) {
            Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
            Files.createDirectories(path.getParent());
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createDirectories(path.getParent());
            Files.createLink(path, tree.resolve(entry.getLinkName()).normalize());
        } else {
            write(contents, path, (entry.getMode() & 0100) != 0);
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
