package dev.tdb.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Where the API is and as whom to call it. Each value is taken from the first place that has it: the command line, the
 * environment, {@code .tdb/dev.json} of this folder or the nearest one above, {@code ~/.config/tdb/config.yaml}.
 *
 * @param key empty for none
 * @param project empty for the key's own, or the installation's default
 */
record ClientSettings(String url, String key, String project) {
    private static final String URL_DEFAULT = "http://127.0.0.1:8480";

    @Override
    public String toString() {
        return "ClientSettings[" + url + ", " + project + "]";
    }

    static ClientSettings find(ClientOptions options, Map<String, String> environment, Path folder) {
        Optional<JsonNode> dev = devFile(folder).map(file -> read(file, JsonMapper.shared()));
        Optional<JsonNode> own = ownFile(environment).map(file -> read(file, new YAMLMapper()));
        UnaryOperator<String> variable = name -> environment.getOrDefault(name, "");
        String url = first(options.url, variable.apply("TDB_URL"), at(dev, "/api/url"), at(own, "/url"), URL_DEFAULT);
        String key = first(options.key, variable.apply("TDB_KEY"), at(dev, "/api/key"), at(own, "/key"));
        String project = first(options.project, variable.apply("TDB_PROJECT"), at(own, "/project"));
        return new ClientSettings(url, key, project);
    }

    private static String first(String... values) {
        for (String value : values) {
            if (!value.isBlank()) {
                return value.strip();
            }
        }
        return "";
    }

    private static String at(Optional<JsonNode> file, String pointer) {
        return file.map(node -> node.at(pointer).asString("")).orElse("");
    }

    private static Optional<Path> devFile(Path folder) {
        for (Path at = folder.toAbsolutePath(); at != null; at = at.getParent()) {
            Path file = at.resolve(".tdb").resolve("dev.json");
            if (Files.isReadable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> ownFile(Map<String, String> environment) {
        String configHome = environment.getOrDefault("XDG_CONFIG_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (configHome.isEmpty() && home.isEmpty()) {
            return Optional.empty();
        }
        Path base = configHome.isEmpty() ? Path.of(home, ".config") : Path.of(configHome);
        return Optional.of(base.resolve("tdb").resolve("config.yaml")).filter(Files::isReadable);
    }

    private static JsonNode read(Path file, ObjectMapper mapper) {
        try {
            return mapper.readTree(Files.readString(file));
        } catch (IOException | JacksonException fault) {
            throw CliFailure.usage(file + " cannot be read: " + fault.getMessage());
        }
    }
}
