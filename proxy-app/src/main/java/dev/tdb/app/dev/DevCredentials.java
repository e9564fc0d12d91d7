package dev.tdb.app.dev;

import dev.tdb.proxy.credential.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The secrets of the demo, by name, in a file that only its owner may read: the control plane shows each once, and
 * {@code tdb dev} prints them at every start.
 */
final class DevCredentials {
    private static final String FILE = "credentials.json";

    private final DevFolder folder;
    private final Map<String, String> secrets = new TreeMap<>();

    DevCredentials(DevFolder folder) throws IOException {
        this.folder = folder;
        Path file = folder.resolve(FILE);
        if (Files.exists(file)) {
            try {
                JsonNode kept = JsonMapper.shared().readTree(Files.readString(file));
                kept.propertyStream()
                        .forEach(entry ->
                                secrets.put(entry.getKey(), entry.getValue().asString("")));
            } catch (JacksonException _) {
                throw new DevFault(file + " is damaged: start anew with ./tdb dev --reset");
            }
        }
    }

    Optional<Secret> find(String name) {
        return Optional.ofNullable(secrets.get(name)).map(Secret::of);
    }

    /** The secret kept under {@code name}, or a new one, kept from now on. */
    Secret keptOr(String name, Supplier<Secret> maker) {
        return find(name).orElseGet(() -> keep(name, maker.get()));
    }

    Secret keep(String name, Secret secret) {
        secrets.put(name, secret.reveal());
        folder.write(FILE, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(secrets));
        return secret;
    }
}
