package dev.tdb.bench.datapath;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * A tdb data path between clients and one server. Takes commands line by line, {@code flip} or {@code exit}, answers each
 * with a line, and ends with its input.
 */
public final class Main {
    private Main() {}

    /** @param arguments the file of the {@link Settings} */
    public static void main(String[] arguments) throws Exception {
        try (DataPathNode node = DataPathNode.open(Settings.read(Path.of(arguments[0])))) {
            say("listening " + node.port());
            obey(node.flip());
        }
    }

    private static void obey(Flip flip) throws IOException, InterruptedException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            switch (command) {
                case "flip" -> say(flipped(flip));
                case "exit" -> {
                    return;
                }
                default -> say("unknown command " + command);
            }
        }
    }

    private static String flipped(Flip flip) throws InterruptedException {
        try {
            return "flipped " + flip.run();
        } catch (ExecutionException | TimeoutException failure) {
            return "failed " + failure;
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
