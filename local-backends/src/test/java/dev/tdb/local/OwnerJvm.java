package dev.tdb.local;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that runs {@link OwnerMain}. */
record OwnerJvm(Process process, ProcessHandle server) implements AutoCloseable {
    /** @param prefix what stands before the command */
    static OwnerJvm start(List<String> prefix, String classPath, Path cache, Path directory, String then)
            throws IOException {
        return of(launch(prefix, classPath, cache, directory, then));
    }

    static OwnerJvm start(Path directory, String then) throws IOException {
        return of(launch(directory, then));
    }

    /** Does not wait for the server. */
    static Process launch(Path directory, String then) throws IOException {
        return launch(List.of(), System.getProperty("java.class.path"), Programs.CACHE, directory, then);
    }

    private static Process launch(List<String> prefix, String classPath, Path cache, Path directory, String then)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                OwnerMain.class.getName(),
                cache.toString(),
                directory.toString(),
                then));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
        builder.directory(new File("/"));
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_") || name.startsWith("JDK_"));
        return builder.start();
    }

    private static OwnerJvm of(Process process) throws IOException {
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("server ")) {
                long pid = Long.parseLong(line.substring("server ".length()));
                return new OwnerJvm(process, ProcessHandle.of(pid).orElseThrow());
            }
        }
        throw new IllegalStateException("the JVM ended without starting a server");
    }

    boolean serverIsRunning() {
        return Processes.isRunning(server);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
