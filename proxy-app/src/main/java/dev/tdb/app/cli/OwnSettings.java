package dev.tdb.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** {@code tdb config show} and {@code tdb config set}: the file {@code ~/.config/tdb/config.yaml}. */
public final class OwnSettings {
    private static final int KEY_CHARS_SHOWN = 11;

    private OwnSettings() {}

    /** {@code tdb config show}. */
    @Command(name = "show", description = "Show which API commands call here, as whom, and which file says so.")
    public static final class Show extends ClientCommand {
        @Override
        void run(Api api, Output out) {
            ClientSettings settings = api.settings();
            ObjectNode shown = JsonMapper.shared()
                    .createObjectNode()
                    .put("url", settings.url())
                    .put("key", masked(settings.key()))
                    .put("key_from", settings.keyFrom())
                    .put("project", settings.project());
            out.reply(shown);
            out.record(
                    shown,
                    Output.Column.of("url", "url"),
                    Output.Column.of("key", "key"),
                    Output.Column.of("key from", "key_from"),
                    new Output.Column(
                            "project",
                            item -> item.path("project").asString("").isEmpty()
                                    ? "the key's own, or the default one"
                                    : item.path("project").asString()));
        }

        /** Enough to tell keys apart. */
        private static String masked(String key) {
            return key.length() <= KEY_CHARS_SHOWN ? "•".repeat(key.length()) : key.substring(0, KEY_CHARS_SHOWN) + "…";
        }
    }

    /** {@code tdb config set}. */
    @Command(name = "set", description = "Write your own settings to ~/.config/tdb/config.yaml, for you alone to read.")
    public static final class Set implements Callable<Integer> {
        @Mixin
        HelpOption help = new HelpOption();

        @Option(
                names = {"--url", "--api-url"},
                paramLabel = "URL",
                description = "Where the API is. Another one forgets the key, unless --key is given too.")
        String url = "";

        @Option(
                names = {"--key", "--api-key"},
                paramLabel = "KEY",
                description = "The key to use; - asks for it, or reads it from standard input.")
        String key = "";

        @Option(names = "--project", paramLabel = "ID", description = "The project, for the operator's key.")
        String project = "";

        @Spec
        CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() {
            if (url.isEmpty() && key.isEmpty() && project.isEmpty()) {
                throw CliFailure.usage("say what to set: --url, --key or --project");
            }
            Path file = ClientSettings.ownFile(System.getenv())
                    .orElseThrow(() -> CliFailure.usage("neither HOME nor XDG_CONFIG_HOME is set"));
            try {
                ObjectNode settings = present(file);
                change(settings);
                write(file, settings);
            } catch (IOException fault) {
                throw CliFailure.usage(file + " cannot be written: " + fault.getMessage());
            }
            spec.commandLine().getOut().println("written to " + file);
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        }

        private void change(ObjectNode settings) {
            if (!url.isEmpty() && !url.equals(settings.path("url").asString(""))) {
                settings.remove("key");
                settings.put("url", url);
            }
            if (!key.isEmpty()) {
                settings.put("key", key.equals("-") ? SecretInput.read("key: ") : key);
            }
            if (!project.isEmpty()) {
                settings.put("project", project);
            }
        }

        private static ObjectNode present(Path file) throws IOException {
            if (!Files.exists(file)) {
                return JsonMapper.shared().createObjectNode();
            }
            try {
                JsonNode read = new YAMLMapper().readTree(Files.readString(file));
                if (read instanceof ObjectNode settings) {
                    return settings;
                }
            } catch (JacksonException _) {
                // Said below, without the text around the fault, which may be the key.
            }
            throw CliFailure.usage(file + " has no settings that can be read: mend it or remove it");
        }

        /** Whole or not at all. */
        private static void write(Path file, ObjectNode settings) throws IOException {
            Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
            FileAttribute<?>[] ownerOnly = Files.getFileStore(folder).supportsFileAttributeView("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];
            Path half = Files.createTempFile(folder, "config", ".half", ownerOnly);
            YAMLMapper yaml = YAMLMapper.builder()
                    .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                    .build();
            Files.writeString(half, yaml.writeValueAsString(settings), StandardCharsets.UTF_8);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
