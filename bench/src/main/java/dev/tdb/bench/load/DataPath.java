package dev.tdb.bench.load;

import dev.tdb.bench.datapath.Settings;
import dev.tdb.bench.datapath.StaticBook;
import dev.tdb.bench.wire.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** tdb's data path in a JVM of its own. */
final class DataPath implements Relay, Flippable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream commands;
    private final Way way;

    private DataPath(Process process, BufferedReader answers, Way way) {
        this.process = process;
        this.answers = answers;
        this.commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
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
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmFlags);
        command.addAll(List.of("-cp", classPath, "dev.tdb.bench.datapath.Main", told.toString()));
        Process process = new ProcessBuilder(command)
                .redirectError(folder.resolve(file + ".log").toFile())
                .start();
        BufferedReader answers =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String line = answers.readLine();
        if (line == null || !line.startsWith("listening ")) {
            process.destroyForcibly();
            throw new IOException(name + " did not start: " + Files.readString(folder.resolve(file + ".log")));
        }
        Endpoint endpoint = new Endpoint(
                "127.0.0.1",
                Integer.parseInt(line.substring("listening ".length())),
                StaticBook.DATABASE.toString(),
                StaticBook.PROJECT.value(),
                settings.clientPassword());
        return new DataPath(process, answers, new Way(name, endpoint, OptionalLong.of(process.pid())));
    }

    @Override
    public Way way() {
        return way;
    }

    @Override
    public String flip() throws IOException {
        commands.println("flip");
        String answer = answers.readLine();
        if (answer == null || !answer.startsWith("flipped ")) {
            throw new IOException("the flip failed: " + answer);
        }
        return answer.substring("flipped ".length());
    }

    @Override
    public void close() {
        commands.println("exit");
        commands.close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
