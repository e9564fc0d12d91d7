package dev.tdb.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of ours that says on which port it listens, answers lines with lines, and ends with its input. */
final class ListeningJvm implements AutoCloseable {
    private static final String LISTENING = "listening ";

    private final Process process;
    private final BufferedReader answers;
    private final PrintStream questions;
    private final int port;

    private ListeningJvm(Process process, BufferedReader answers, int port) {
        this.process = process;
        this.answers = answers;
        this.questions = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
        this.port = port;
    }

    /** @param program the class and its arguments */
    static ListeningJvm start(String classPath, List<String> flags, List<String> program, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", classPath));
        command.addAll(program);
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        BufferedReader answers =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
        String line = answers.readLine();
        if (line == null || !line.startsWith(LISTENING)) {
            process.destroyForcibly();
            throw new IOException(program.getFirst() + " did not start: " + Files.readString(log));
        }
        return new ListeningJvm(process, answers, Integer.parseInt(line.substring(LISTENING.length())));
    }

    long pid() {
        return process.pid();
    }

    int port() {
        return port;
    }

    String ask(String line) throws IOException {
        questions.println(line);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("process " + pid() + " has ended");
        }
        return answer;
    }

    @Override
    public void close() {
        questions.close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
