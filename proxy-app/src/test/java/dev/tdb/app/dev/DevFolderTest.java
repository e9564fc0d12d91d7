package dev.tdb.app.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevFolderTest {
    @TempDir
    Path temp;

    @Test
    void oneAtATimeHasIt() throws Exception {
        Path path = temp.resolve("state");
        try (DevFolder first = DevFolder.open(path)) {
            assertThatThrownBy(() -> DevFolder.open(path))
                    .isInstanceOf(DevFault.class)
                    .hasMessageContaining(first.path().toString())
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
        }
        DevFolder.open(path).close();
    }

    @Test
    void filesAreForTheirOwnerOnly() throws Exception {
        try (DevFolder folder = DevFolder.open(temp)) {
            folder.write("secret", "x");
            folder.write("secret", "y");

            assertThat(folder.resolve("secret")).hasContent("y");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("secret"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void clearingLeavesNothingButTheLock() throws Exception {
        try (DevFolder folder = DevFolder.open(temp)) {
            Files.createDirectories(folder.resolve("a/b"));
            Files.writeString(folder.resolve("a/b/c"), "x");

            folder.clear();

            try (var left = Files.list(temp)) {
                assertThat(left).containsExactly(temp.resolve("lock"));
            }
        }
    }

    @Test
    void certificatesAreMadeOnceAndNameThisMachine() throws Exception {
        try (DevFolder folder = DevFolder.open(temp)) {
            DevCertificates certificates = new DevCertificates(folder);
            certificates.prepare();
            String first = Files.readString(certificates.chain());
            certificates.prepare();

            assertThat(Files.readString(certificates.chain())).isEqualTo(first);
            X509Certificate server = read(certificates.chain());
            X509Certificate authority = read(certificates.authority());
            server.verify(authority.getPublicKey());
            assertThat(server.getSubjectAlternativeNames().toString())
                    .contains("localhost")
                    .contains("127.0.0.1")
                    .contains("0:0:0:0:0:0:0:1");
            assertThat(authority.getBasicConstraints()).isZero();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(certificates.key())))
                    .isEqualTo("rw-------");
        }
    }

    private static X509Certificate read(Path file) throws Exception {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    @Test
    void credentialsAreKept() throws Exception {
        try (DevFolder folder = DevFolder.open(temp)) {
            new DevCredentials(folder).keep("a", dev.tdb.proxy.credential.Secret.of("one"));

            assertThat(new DevCredentials(folder).find("a").orElseThrow().reveal())
                    .isEqualTo("one");
            Files.writeString(folder.resolve("credentials.json"), "{");
            assertThatThrownBy(() -> new DevCredentials(folder))
                    .isInstanceOf(DevFault.class)
                    .hasMessageContaining("--reset");
        }
    }
}
