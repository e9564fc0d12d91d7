package dev.tdb.bench.load;

import dev.tdb.bench.datapath.Settings;
import dev.tdb.bench.datapath.StaticBook;
import dev.tdb.bench.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalLong;

/** tdb's data path in a JVM of its own. */
final class DataPath implements Relay, Flippable {
    private final ListeningJvm jvm;
    private final Way way;

    private DataPath(ListeningJvm jvm, Way way) {
        this.jvm = jvm;
        this.way = way;
    }

    /**
     * @param name of the way
     * @param classPath of the build to run
     * @param jvmFlags of the JVM
     */
    static DataPath start(String name, String classPath, List<String> jvmFlags, Settings settings, Path folder)
            throws IOException {
        String file = name.replace(':', '-');
        Path told = folder.resolve(file + ".properties");
        Files.createFile(told, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        settings.write(told);
        ListeningJvm jvm = ListeningJvm.start(
                classPath,
                jvmFlags,
                List.of("dev.tdb.bench.datapath.Main", told.toString()),
                folder.resolve(file + ".log"));
        Endpoint endpoint = new Endpoint(
                settings.engine(),
                "127.0.0.1",
                jvm.port(),
                StaticBook.DATABASE.toString(),
                StaticBook.PROJECT.value(),
                settings.clientPassword());
        return new DataPath(jvm, new Way(name, endpoint, OptionalLong.of(jvm.pid())));
    }

    @Override
    public Way way() {
        return way;
    }

    @Override
    public String flip() throws IOException {
        String answer = jvm.ask("flip");
        if (!answer.startsWith("flipped ")) {
            throw new IOException("the flip failed: " + answer);
        }
        return answer.substring("flipped ".length());
    }

    @Override
    public void close() {
        jvm.close();
    }
}
