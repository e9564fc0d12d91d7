package dev.tdb.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** A self-signed certificate for the loopback address, made by the JDK's keytool. */
record PemFiles(Path certificate, Path key) {
    private static final String PASSWORD = "changeit";

    static PemFiles selfSigned(Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        ShortCommand.Outcome outcome = ShortCommand.run(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "server",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD),
                folder,
                Duration.ofSeconds(30));
        if (!outcome.succeeded()) {
            throw new IllegalStateException(outcome.text());
        }
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        byte[] certificate = keys.getCertificate("server").getEncoded();
        byte[] key = keys.getKey("server", PASSWORD.toCharArray()).getEncoded();
        return new PemFiles(
                Files.writeString(folder.resolve("cert.pem"), pem("CERTIFICATE", certificate)),
                Files.writeString(folder.resolve("key.pem"), pem("PRIVATE KEY", key)));
    }

    private static String pem(String kind, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
    }
}
