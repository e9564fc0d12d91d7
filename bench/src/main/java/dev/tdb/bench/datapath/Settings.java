package dev.tdb.bench.datapath;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.relay.Transport;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.ServerAddress;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;

/**
 * What a data path process is told, in a file since it holds passwords.
 *
 * @param engine whose protocol it speaks
 * @param loops event loops
 * @param isCapturing whether query events are made
 * @param routes how many tenants there are besides the one that is used
 * @param server where that one's database is
 * @param serverUser who may log in there
 * @param iterations of SCRAM, towards clients
 */
public record Settings(
        Engine engine,
        Transport transport,
        int loops,
        boolean isCapturing,
        int routes,
        ServerAddress server,
        String serverDatabase,
        String serverUser,
        Secret serverPassword,
        Secret clientPassword,
        int iterations) {

    public static Settings read(Path file) throws IOException {
        Properties text = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            text.load(reader);
        }
        return new Settings(
                Engine.parse(need(text, "engine")),
                Transport.valueOf(need(text, "transport").toUpperCase(Locale.ROOT)),
                Integer.parseInt(need(text, "loops")),
                Boolean.parseBoolean(need(text, "capture")),
                Integer.parseInt(need(text, "routes")),
                new ServerAddress(need(text, "server.host"), Integer.parseInt(need(text, "server.port"))),
                need(text, "server.database"),
                need(text, "server.user"),
                Secret.of(need(text, "server.password")),
                Secret.of(need(text, "client.password")),
                Integer.parseInt(need(text, "iterations")));
    }

    public void write(Path file) throws IOException {
        Properties text = new Properties();
        text.setProperty("engine", engine.word());
        text.setProperty("transport", transport.name());
        text.setProperty("loops", Integer.toString(loops));
        text.setProperty("capture", Boolean.toString(isCapturing));
        text.setProperty("routes", Integer.toString(routes));
        text.setProperty("server.host", server.host());
        text.setProperty("server.port", Integer.toString(server.port()));
        text.setProperty("server.database", serverDatabase);
        text.setProperty("server.user", serverUser);
        text.setProperty("server.password", serverPassword.reveal());
        text.setProperty("client.password", clientPassword.reveal());
        text.setProperty("iterations", Integer.toString(iterations));
        try (Writer writer = Files.newBufferedWriter(file)) {
            text.store(writer, null);
        }
    }

    private static String need(Properties text, String key) {
        String value = text.getProperty(key);
        if (value == null) {
            throw new IllegalArgumentException("the settings have no " + key);
        }
        return value;
    }
}
