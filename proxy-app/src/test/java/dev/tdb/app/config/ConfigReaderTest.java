package dev.tdb.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tdb.app.config.ServeConfig.ListenerSettings;
import dev.tdb.proxy.listen.TlsFiles.Plaintext;
import dev.tdb.proxy.route.Engine;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final String LISTENER = """
        listeners:
          postgres:
            plaintext: loopback
        """;

    @TempDir
    Path folder;

    private ServeConfig read(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("tdb.yaml"), yaml);
        return new ConfigReader(Set.of(Engine.POSTGRES, Engine.MYSQL)).read(file);
    }

    private List<String> mistakes(String yaml) {
        ConfigFault fault = catchThrowableOfType(ConfigFault.class, () -> read(yaml));
        assertThat(fault).as("a fault").isNotNull();
        return fault.mistakes().stream().map(Mistake::toString).toList();
    }

    @Test
    void aShortFileIsCompletedByDefaultsBesideIt() throws Exception {
        ServeConfig config = read(LISTENER);

        assertThat(config.store().jdbcUrl()).isEqualTo("jdbc:sqlite:" + folder.resolve("control.db"));
        assertThat(config.keyFile()).isEqualTo(folder.resolve("keys"));
        assertThat(config.api().port()).isEqualTo(8480);
        assertThat(config.shutdownPatience()).isEqualTo(Duration.ofSeconds(30));
        ListenerSettings listener = config.listeners().getFirst();
        assertThat(listener.address()).hasToString("0.0.0.0:5432");
        assertThat(listener.plaintext()).isEqualTo(Plaintext.LOOPBACK);
    }

    @Test
    void theQueryLogCanBeMaskedAndBeOff() throws Exception {
        ServeConfig standard = read(LISTENER);
        ServeConfig masked = read(LISTENER + "query_log:\n  mask_literals: true\n  retention: 30d\n");
        ServeConfig off = read(LISTENER + "query_log:\n  enabled: false\n");

        assertThat(standard.queryLog().masksLiterals()).isFalse();
        assertThat(standard.queryEventsMax()).isEqualTo(65_536);
        assertThat(masked.queryLog().masksLiterals()).isTrue();
        assertThat(masked.queryLog().retentionDays()).isEqualTo(30);
        assertThat(off.queryEventsMax()).isZero();
    }

    @Test
    void theExampleOfTheReadmeIsGood() throws Exception {
        String readme = Files.readString(Path.of("..", "README.md"));
        String example = readme.substring(readme.indexOf("```yaml") + "```yaml".length());
        example = example.substring(0, example.indexOf("```"));

        ServeConfig config = readHere(example);

        assertThat(config.api().metrics())
                .hasValueSatisfying(at -> assertThat(at.port()).isEqualTo(9480));
        assertThat(config.api().forwardedFrom()).hasSize(1);
        assertThat(config.listeners().getFirst().publicEndpoint().host()).isEqualTo("db.example.com");
    }

    @Test
    void theExampleOfTheDocumentsIsGood() throws Exception {
        ServeConfig config = readHere(Files.readString(Path.of("..", "docs", "tdb.example.yaml")));

        assertThat(config.listeners())
                .extracting(ListenerSettings::engine)
                .containsExactly(Engine.POSTGRES, Engine.MYSQL);
        assertThat(config.listeners())
                .allMatch(listener -> listener.certificate().isPresent());
        assertThat(config.listeners().getLast().serverVersion()).isEqualTo("11.4.5-MariaDB");
    }

    /** With its absolute paths led to this test's folder. */
    private ServeConfig readHere(String example) throws Exception {
        certify();
        Files.writeString(folder.resolve("database.password"), "x");

        return read(example.replace("/etc/tdb/", folder + "/").replace("/var/lib/tdb/", folder + "/"));
    }

    @Test
    void everyMistakeIsSaidAtOnceWithItsLine() {
        List<String> mistakes = mistakes("""
            control:
              database: mysql://nowhere
            api:
              address: 8480
              body_max: 1MB
              colour: red
            proxy:
              held_max: 1B
              login_timeout: 5
            listeners:
              postgres:
                address: 0.0.0.0:99999
                plaintext: maybe
                proxy_protocol_from: [10.0.0.0/8, here]
              mysql:
                address: 0.0.0.0:3306
                plaintext: everybody
                server_version: newest
              mongodb:
                address: 0.0.0.0:27017
            unknown: true
            """);

        assertThat(mistakes)
                .anyMatch(text -> text.startsWith("line 2: control.database is 'mysql://nowhere', expected jdbc:"))
                .anyMatch(text -> text.startsWith("line 4: api.address is '8480', expected host:port"))
                .anyMatch(text -> text.startsWith("line 5: api.body_max is '1MB', expected a size from"))
                .anyMatch(text -> text.startsWith("line 6: api.colour is not known here, expected "))
                .anyMatch(text -> text.startsWith("line 8: proxy.held_max is '1B', expected a size from 1MiB"))
                .anyMatch(text -> text.startsWith("line 9: proxy.login_timeout is '5', expected a duration"))
                .anyMatch(text -> text.startsWith("line 12: listeners.postgres.address"))
                .anyMatch(text -> text.startsWith("line 13: listeners.postgres.plaintext is 'maybe', expected one of"))
                .anyMatch(text -> text.startsWith("line 14: listeners.postgres.proxy_protocol_from has 'here'"))
                .anyMatch(text -> text.startsWith("line 18: listeners.mysql.server_version is 'newest', expected a"))
                .anyMatch(text -> text.startsWith("line 19: listeners.mongodb is not known here"))
                .anyMatch(text -> text.startsWith("line 21: unknown is not known here"));
    }

    @Test
    void mistakesAreSaidOnceInTheOrderOfTheFile() {
        assertThat(mistakes("""
            query_log: [1]
            listeners:
              postgres:
                plaintext: everybody
            control:
              trash_kept: 7 days
            """))
                .containsExactly(
                        "line 1: query_log is no section, expected keys with values",
                        "line 6: control.trash_kept is '7 days', expected a duration from 0s to 3650d, such as 5s or"
                                + " 500ms");
    }

    @Test
    void tlsIsDemandedUnlessPlaintextIsAllowed() {
        assertThat(mistakes("listeners:\n  postgres:\n    address: 0.0.0.0:5432\n"))
                .singleElement()
                .asString()
                .startsWith("line 2: listeners.postgres.tls is missing");
    }

    @Test
    void aFileThatIsNamedMustBeThere() {
        assertThat(mistakes("""
            listeners:
              postgres:
                tls:
                  certificate: nowhere.pem
            """))
                .anyMatch(text -> text.contains("listeners.postgres.tls.certificate is '")
                        && text.contains("expected a file that can be read"))
                .anyMatch(text -> text.contains("listeners.postgres.tls.key is missing"));
    }

    /** Makes server.pem and server.key in the folder, and other.key, which belongs to no certificate. */
    private void certify() throws Exception {
        for (String name : List.of("server", "other")) {
            KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
            Files.writeString(
                    folder.resolve(name + ".key"),
                    pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
            if (name.equals("server")) {
                Files.writeString(folder.resolve("server.pem"), pem("CERTIFICATE", certificate(keys)));
            }
        }
    }

    private static String pem(String type, byte[] bytes) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + type
                + "-----\n";
    }

    private static byte[] certificate(KeyPair keys) throws Exception {
        X500Name name = new X500Name("CN=localhost");
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                        name,
                        BigInteger.ONE,
                        Date.from(now),
                        Date.from(now.plus(Duration.ofDays(1))),
                        name,
                        keys.getPublic())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                .getEncoded();
    }

    @Test
    void aCertificateAndAKeyMustBelongTogether() throws Exception {
        certify();
        String tls = "listeners:\n  postgres:\n    tls:\n      certificate: server.pem\n      key: ";

        assertThat(read(tls + "server.key\n").listeners()).hasSize(1);
        assertThat(mistakes(tls + "other.key\n"))
                .singleElement()
                .asString()
                .startsWith("line 4: listeners.postgres.tls.certificate and key cannot be used: ");
        Files.writeString(folder.resolve("server.pem"), "x");
        assertThat(mistakes(tls + "server.key\n")).singleElement().asString().contains("cannot be used: ");
    }

    @Test
    void keysThatCannotBeUsedAreAMistake() throws Exception {
        Files.writeString(folder.resolve("keys"), "k1=abc\n");

        assertThat(mistakes("control:\n  encryption_keys_file: keys\n" + LISTENER))
                .singleElement()
                .asString()
                .startsWith("line 2: control.encryption_keys_file cannot be used: ")
                .contains("key k1 has 3 characters, expected 64");
    }

    @Test
    void whoLogsInToTheControlDatabaseIsSaidWhereItIsAskedFor() throws Exception {
        Files.writeString(folder.resolve("password"), "secret\n");

        ServeConfig config = read(
                "control:\n  database: jdbc:postgresql://db/tdb\n  user: tdb\n  password_file: password\n" + LISTENER);

        assertThat(config.store().user()).isEqualTo("tdb");
        assertThat(config.store().password().reveal()).isEqualTo("secret");
        assertThat(mistakes("control:\n  database: jdbc:postgresql://db/tdb\n" + LISTENER))
                .singleElement()
                .asString()
                .startsWith("line 1: control.user is missing");
        assertThat(mistakes("control:\n  user: tdb\n" + LISTENER))
                .singleElement()
                .asString()
                .startsWith("line 2: control.user is not for SQLite");
    }

    @Test
    void twoCannotListenAtOneAddress() {
        assertThat(mistakes("api:\n  address: 127.0.0.1:5432\n" + LISTENER))
                .singleElement()
                .asString()
                .contains("listeners.postgres has address 0.0.0.0:5432, which api has already");
        assertThat(mistakes("api:\n  metrics_address: 127.0.0.1:8480\n" + LISTENER))
                .singleElement()
                .asString()
                .isEqualTo("line 2: api.metrics_address is 127.0.0.1:8480, which api has already");
        assertThat(mistakes("api:\n  metrics_address: 127.0.0.1:5432\n" + LISTENER))
                .singleElement()
                .asString()
                .contains("which api.metrics_address has already");
    }

    @Test
    void withoutAListenerThereIsNothingToServe() {
        assertThat(mistakes("{}")).anyMatch(text -> text.contains("listeners.postgres is missing"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "text",
                "control: [1]",
                "a: b: c",
                "listeners:\n\tpostgres: x",
                "control: 1\ncontrol: 2",
                "&a [*a]"
            })
    void whatIsNoConfigurationIsAFault(String yaml) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ConfigFault.class);
    }

    @Test
    void aFileThatIsNotThereIsAFault() {
        assertThatThrownBy(
                        () -> new ConfigReader(Set.of(Engine.POSTGRES, Engine.MYSQL)).read(folder.resolve("none.yaml")))
                .isInstanceOf(ConfigFault.class)
                .hasMessageContaining("cannot be read");
    }

    @ParameterizedTest
    @CsvSource({"5s,5000", "500ms,500", "1.5m,90000", "2h,7200000", "1d,86400000", "0s,0"})
    void durationsCarryAUnit(String text, long millis) {
        assertThat(Units.duration(text)).hasValue(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5 s", "-5s", "s", "5S", "5sec", "99999999999s", "1e3s"})
    void anythingElseIsNoDuration(String text) {
        assertThat(Units.duration(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"16MiB,16777216", "512KiB,524288", "100B,100", "2GiB,2147483648"})
    void sizesCarryAUnit(String text, long bytes) {
        assertThat(Units.size(text)).hasValue(bytes);
        assertThat(Units.ofSize(bytes)).isEqualTo(text);
    }
}
