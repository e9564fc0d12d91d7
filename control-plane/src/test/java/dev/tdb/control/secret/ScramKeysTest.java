package dev.tdb.control.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.ScramVerifier;
import dev.tdb.proxy.credential.Secret;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ScramKeysTest {
    /** The exchange of RFC 7677, section 3: user "user", password "pencil". */
    @Test
    void theKeysOfThePublishedExampleAreDerived() throws Exception {
        ScramSettings settings =
                new ScramSettings(Secret.of(Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==")), 4096);
        String authMessage = "n=user,r=rOprNGfwEbeRWgbNEkqO,"
                + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

        ScramVerifier verifier = ScramKeys.derive(Secret.of("pencil"), settings);

        javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
        mac.init(new javax.crypto.spec.SecretKeySpec(verifier.serverKey().bytes(), "HmacSHA256"));
        byte[] serverSignature = mac.doFinal(authMessage.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(Base64.getEncoder().encodeToString(serverSignature))
                .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }
}
