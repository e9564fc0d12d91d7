package dev.tdb.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Where the API is and as whom to call it. Each value is taken from the first place that has it: the command line, the
 * environment, {@code .tdb/dev.json} of this folder or the nearest one above, {@code ~/.config/tdb/config.yaml}. A key, and
 * a project, that stands beside a URL goes to that URL only: no key of one installation is shown to another.
 *
 * @param key empty for none
 * @param project empty for the key's own, or the installation's default
 * @param keyFrom the place that the key was taken from; when there is none, what kept one back
 */
record ClientSettings(String url, String key, String project, String keyFrom) {
    static final String URL_DEFAULT = "http://127.0.0.1:8480";

    /**
     * One place that settings are taken from.
     *
     * @param bound whether its key and project are for its URL only
     */
    private record Place(String name, String url, String key, String project, boolean bound) {
        boolean fits(String chosen) {
            return !bound || url.equals(chosen);
        }
    }

    @Override
    public String toString() {
        return "ClientSettings[" + url + ", " + project + ", " + keyFrom + "]";
    }

    static ClientSettings find(ClientOptions options, Map<String, String> environment, Path folder) {
        List<Place> places = new ArrayList<>();
        places.add(new Place("--key", normal(options.url), options.key.strip(), options.project.strip(), false));
        places.add(environment(environment));
        devFile(folder).map(ClientSettings::dev).ifPresent(places::add);
        ownFile(environment).filter(Files::isReadable).map(ClientSettings::own).ifPresent(places::add);
        String url = places.stream()
                .map(Place::url)
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(URL_DEFAULT);
        Optional<Place> key = places.stream()
                .filter(place -> !place.key().isEmpty() && place.fits(url))
                .findFirst();
        String project = places.stream()
                .filter(place -> !place.project().isEmpty() && place.fits(url))
                .map(Place::project)
                .findFirst()
                .orElse("");
        return new ClientSettings(
                url,
                key.map(Place::key).orElse(""),
                project,
                key.map(Place::name).orElseGet(() -> keptBack(places)));
    }

    private static String keptBack(List<Place> places) {
        return places.stream()
                .filter(place -> !place.key().isEmpty())
                .map(place -> "the key of " + place.name() + " is for " + place.url() + " only")
                .findFirst()
                .orElse("");
    }

    private static Place environment(Map<String, String> environment) {
        String url = normal(environment.getOrDefault("TDB_URL", ""));
        return new Place(
                "TDB_KEY",
                url,
                environment.getOrDefault("TDB_KEY", "").strip(),
                environment.getOrDefault("TDB_PROJECT", "").strip(),
                !url.isEmpty());
    }

    private static Place dev(Path file) {
        JsonNode dev = read(file, JsonMapper.shared());
        return new Place(file.toString(), normal(text(dev, "/api/url")), text(dev, "/api/key"), "", true);
    }

    private static Place own(Path file) {
        JsonNode own = read(file, new YAMLMapper());
        String url = normal(text(own, "/url"));
        return new Place(
                file.toString(), url.isEmpty() ? URL_DEFAULT : url, text(own, "/key"), text(own, "/project"), true);
    }

    /** So that two of them can be compared. */
    private static String normal(String url) {
        return url.strip().replaceAll("/+$", "");
    }

    private static String text(JsonNode file, String pointer) {
        return file.at(pointer).asString("").strip();
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

    /** Where this person's own settings stand, or would; empty when there is no home. */
    static Optional<Path> ownFile(Map<String, String> environment) {
        String configHome = environment.getOrDefault("XDG_CONFIG_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (configHome.isEmpty() && home.isEmpty()) {
            return Optional.empty();
        }
        Path base = configHome.isEmpty() ? Path.of(home, ".config") : Path.of(configHome);
        return Optional.of(base.resolve("tdb").resolve("config.yaml"));
    }

    private static JsonNode read(Path file, ObjectMapper mapper) {
        try {
            return mapper.readTree(Files.readString(file));
        } catch (IOException fault) {
            throw CliFailure.unreadable(file, fault);
        } catch (JacksonException fault) {
            // Without the parser's own words, which repeat the text around the fault, and that may be the key.
            throw CliFailure.usage(file + " cannot be read: it is damaged at line "
                    + fault.getLocation().getLineNr() + ". Mend it or remove it");
        }
    }
}
