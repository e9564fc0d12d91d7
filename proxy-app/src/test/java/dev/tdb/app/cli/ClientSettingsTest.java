package dev.tdb.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
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

    private void found(String url, String key, String project) throws IOException {
        ClientSettings found = find();
        assertThat(List.of(found.url(), found.key(), found.project())).containsExactly(url, key, project);
    }

    @Test
    void withNothingAtAllItIsThisMachineWithoutAKey() throws Exception {
        assertThat(find()).isEqualTo(new ClientSettings("http://127.0.0.1:8480", "", "", ""));
    }

    @Test
    void theFirstPlaceThatHasAValueGivesIt() throws Exception {
        ownFile("url: http://own\nkey: own-key\nproject: own-project\n");
        found("http://own", "own-key", "own-project");

        devFile("{\"api\":{\"url\":\"http://dev\",\"key\":\"dev-key\"},\"project\":\"tdb_1\"}");
        found("http://dev", "dev-key", "");

        environment.put("TDB_KEY", "env-key");
        environment.put("TDB_PROJECT", "env-project");
        found("http://dev", "env-key", "env-project");

        environment.put("TDB_URL", "http://env/");
        found("http://env", "env-key", "env-project");

        options.url = "http://flag";
        options.key = "flag-key";
        found("http://flag", "flag-key", "");
    }

    @Test
    void aKeyGoesToTheUrlItStandsBesideAndToNoOther() throws Exception {
        ownFile("url: http://own\nkey: own-key\n");
        devFile("{\"api\":{\"url\":\"http://dev\",\"key\":\"dev-key\"}}");

        environment.put("TDB_URL", "http://elsewhere");
        found("http://elsewhere", "", "");
        assertThat(find().keyFrom()).contains("dev.json").contains("is for http://dev only");

        environment.put("TDB_URL", "http://own/");
        found("http://own", "own-key", "");

        environment.put("TDB_URL", "http://env");
        environment.put("TDB_KEY", "env-key");
        options.url = "http://flag";
        found("http://flag", "", "");

        options.url = "http://dev";
        found("http://dev", "dev-key", "");
    }

    @Test
    void aKeyWithoutAUrlBesideItIsForThisMachineWhenAFileHasItAndForAnyWhenTheEnvironmentHas() throws Exception {
        ownFile("key: own-key\n");
        found("http://127.0.0.1:8480", "own-key", "");

        options.url = "http://flag";
        found("http://flag", "", "");

        environment.put("TDB_KEY", "env-key");
        found("http://flag", "env-key", "");
    }

    @Test
    void aDamagedFileIsNamedWithoutWhatIsInIt() throws Exception {
        ownFile("key: [secret-key\n");

        assertThatThrownBy(this::find)
                .isInstanceOf(CliFailure.class)
                .hasMessageContaining("config.yaml")
                .hasMessageNotContaining("secret-key");
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
