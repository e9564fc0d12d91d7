package dev.tdb.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientSettingsTest {
    @TempDir
    Path folder;

    private final ClientOptions options = new ClientOptions();
    private final Map<String, String> environment = new HashMap<>();

    private ClientSettings find() throws IOException {
        Path below = Files.createDirectories(folder.resolve("a/b"));
        return ClientSettings.find(options, environment, below);
    }

    private void devFile(String text) throws IOException {
        Files.createDirectories(folder.resolve(".tdb"));
        Files.writeString(folder.resolve(".tdb/dev.json"), text);
    }

    private void ownFile(String text) throws IOException {
        Path home = Files.createDirectories(folder.resolve("home/.config/tdb"));
        Files.writeString(home.resolve("config.yaml"), text);
        environment.put("HOME", folder.resolve("home").toString());
    }

    @Test
    void withNothingAtAllItIsThisMachineWithoutAKey() throws Exception {
        assertThat(find()).isEqualTo(new ClientSettings("http://127.0.0.1:8480", "", ""));
    }

    @Test
    void theFirstPlaceThatHasAValueGivesIt() throws Exception {
        ownFile("url: http://own\nkey: own-key\nproject: own-project\n");
        assertThat(find()).isEqualTo(new ClientSettings("http://own", "own-key", "own-project"));

        devFile("{\"api\":{\"url\":\"http://dev\",\"key\":\"dev-key\"},\"project\":\"tdb_1\"}");
        assertThat(find()).isEqualTo(new ClientSettings("http://dev", "dev-key", "own-project"));

        environment.put("TDB_URL", "http://env");
        environment.put("TDB_PROJECT", "env-project");
        assertThat(find()).isEqualTo(new ClientSettings("http://env", "dev-key", "env-project"));

        options.url = "http://flag";
        options.key = "flag-key";
        assertThat(find()).isEqualTo(new ClientSettings("http://flag", "flag-key", "env-project"));
    }

    @Test
    void theKeyIsNotPrinted() throws Exception {
        options.key = "very-secret";

        assertThat(find().toString()).doesNotContain("very-secret");
    }

    @Test
    void aDamagedFileIsNamed() throws Exception {
        devFile("{");

        assertThatThrownBy(this::find).isInstanceOf(CliFailure.class).hasMessageContaining("dev.json");
    }
}
