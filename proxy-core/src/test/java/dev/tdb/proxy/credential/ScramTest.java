package dev.tdb.proxy.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.credential.ScramClientFirst.Binding;
import dev.tdb.proxy.refusal.ProtocolViolation;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of RFC 7677, section 3, and what must not be taken for a SCRAM message. */
class ScramTest {
    private static final Secret PASSWORD = Secret.of("pencil");
    private static final ScramSettings SETTINGS =
            new ScramSettings(Secret.of(Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==")), 4096);
    private static final String CLIENT_FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String SERVER_FIRST = "r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String CLIENT_FINAL = "c=biws,r=" + NONCE + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final String SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static ScramChallenge challenge() {
        return new ScramChallenge(
                ScramClientFirst.parse(CLIENT_FIRST),
                new ScramServerFirst(NONCE, SETTINGS, SERVER_FIRST),
                Secret.of(new byte[0]));
    }

    @Test
    void theServerAcceptsTheClientOfTheExampleAndAnswersAsItDoes() {
        ScramVerifier verifier = Scram.sha256(PASSWORD, SETTINGS);

        ScramProof proof = challenge().answered(CLIENT_FINAL);

        assertThat(proof.isBy(verifier)).isTrue();
        assertThat(proof.serverFinal(verifier)).isEqualTo(SERVER_FINAL);
    }

    @Test
    void anotherPasswordIsNotAccepted() {
        ScramProof proof = challenge().answered(CLIENT_FINAL);

        assertThat(proof.isBy(Scram.sha256(Secret.of("pencil2"), SETTINGS))).isFalse();
    }

    @Test
    void theClientAnswersAsThatOfTheExample() {
        ScramClientFirst first = ScramClientFirst.parse(CLIENT_FIRST);
        ScramServerFirst serverFirst = ScramServerFirst.parse(SERVER_FIRST, first);

        ScramAnswer answer =
                ScramAnswer.of(first, serverFirst, Scram.keys(PASSWORD, serverFirst.settings()), new byte[0]);

        assertThat(answer.clientFinal()).isEqualTo(CLIENT_FINAL);
        assertThat(answer.isProvenBy(SERVER_FINAL)).isTrue();
        assertThat(answer.isProvenBy(SERVER_FINAL.replace('6', '7'))).isFalse();
        assertThat(answer.isProvenBy("e=other-error")).isFalse();
    }

    @Test
    void bothSidesMeetWithAndWithoutChannelBinding() {
        byte[] endPoint = {1, 2, 3};
        for (Binding binding :
                new Binding[] {new Binding.None(), new Binding.Unoffered(), new Binding.Used("tls-server-end-point")}) {
            byte[] data = binding instanceof Binding.Used ? endPoint : new byte[0];
            ScramClientFirst first =
                    ScramClientFirst.parse(ScramClientFirst.of(binding, "a=b,c").text());
            ScramServerFirst serverFirst = ScramServerFirst.answering(first, SETTINGS);
            ScramAnswer answer = ScramAnswer.of(
                    first, ScramServerFirst.parse(serverFirst.text(), first), Scram.keys(PASSWORD, SETTINGS), data);

            ScramProof proof =
                    new ScramChallenge(first, serverFirst, Secret.of(endPoint)).answered(answer.clientFinal());

            assertThat(first.user()).isEqualTo("a=b,c");
            assertThat(first.binding()).isEqualTo(binding);
            assertThat(proof.isBy(Scram.sha256(PASSWORD, SETTINGS))).isTrue();
            assertThat(answer.isProvenBy(proof.serverFinal(Scram.sha256(PASSWORD, SETTINGS))))
                    .isTrue();
        }
    }

    @Test
    void anotherCertificateBreaksTheBinding() {
        ScramClientFirst first = ScramClientFirst.of(new Binding.Used("tls-server-end-point"), "");
        ScramServerFirst serverFirst = ScramServerFirst.answering(first, SETTINGS);
        ScramAnswer answer = ScramAnswer.of(first, serverFirst, Scram.keys(PASSWORD, SETTINGS), new byte[] {1, 2, 3});
        ScramChallenge challenge = new ScramChallenge(first, serverFirst, Secret.of(new byte[] {1, 2, 4}));

        assertThatThrownBy(() -> challenge.answered(answer.clientFinal())).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void aPasswordIsNormalizedAndOneThatCannotBeIsTakenAsItIs() {
        Secret softHyphen = Secret.of("I\u00adX"); // RFC 4013, section 3: mapped to nothing
        Secret control = Secret.of("a\u0007b"); // prohibited
        Secret notText = Secret.of(new byte[] {(byte) 0xff, (byte) 0xfe});

        assertThat(Scram.sha256(softHyphen, SETTINGS)).isEqualTo(Scram.sha256(Secret.of("IX"), SETTINGS));
        assertThat(Scram.sha256(Secret.of("\u2168"), SETTINGS)).isEqualTo(Scram.sha256(Secret.of("IX"), SETTINGS));
        assertThat(Scram.sha256(control, SETTINGS)).isNotEqualTo(Scram.sha256(Secret.of("ab"), SETTINGS));
        assertThat(Scram.sha256(notText, SETTINGS)).isNotEqualTo(Scram.sha256(Secret.of(""), SETTINGS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "n",
                "n,",
                "n,,",
                "n,,,",
                "n,,n=user",
                "n,,r=abc",
                "n,,r=abc,n=user",
                "n,,n=user,r=",
                "n,,n=user,r=a b",
                "n,,n=user,r=\u00e9",
                "n,,n=a=b,r=abc",
                "n,,n=a=2Xb,r=abc",
                "n,a=other,n=user,r=abc",
                "n,,m=ext,n=user,r=abc",
                "n,,n=user,m=ext,r=abc",
                "n,,n=user,r=abc,",
                "n,,n=user,r=abc,xyz",
                "n,,n=user,r=abc,1=z",
                "n,,n=us\0er,r=abc",
                "p=,,n=user,r=abc",
                "p,,n=user,r=abc",
                "x,,n=user,r=abc",
                "N,,n=user,r=abc",
            })
    void whatIsNotAClientsFirstMessageIsAViolation(String text) {
        assertThatThrownBy(() -> ScramClientFirst.parse(text)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void extensionsAreHashedAndOtherwiseDisregarded() {
        assertThat(ScramClientFirst.parse("y,,n=,r=abc,x=1,y=").bare()).isEqualTo("n=,r=abc,x=1,y=");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c=biws",
                "c=biws,r=%N",
                "c=biws,r=%N,",
                "c=biws,r=%N,p=",
                "c=biws,r=%N,p=AAAA",
                "c=biws,r=%N,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ",
                "c=biws,r=%N,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndV*=",
                "c=biws,r=%N,p= dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=biws,r=%N,x=1",
                "c=biws,r=%N,q,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=biws,r=%N,m=1,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=biws,r=%Nx,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=biws,r=,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=eSws,r=%N,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=,r=%N,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "r=%N,c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=biws,r=%N,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=\0",
            })
    void whatIsNotAClientsFinalMessageIsAViolation(String text) {
        assertThatThrownBy(() -> challenge().answered(text.replace("%N", NONCE)))
                .isInstanceOf(ProtocolViolation.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", // nothing of the server's
                "r=another,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                "r=%N,s=,i=4096",
                "r=%N,s=AAAA,i=4096",
                "r=%N,s=W22ZaJ0SNY7soEsUEjb6gQ,i=4096",
                "r=%N,s=W22ZaJ0SNY7soEsUEjb6gQ==",
                "r=%N,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=",
                "r=%N,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=0",
                "r=%N,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=-1",
                "r=%N,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=+4096",
                "r=%N,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001",
                "r=%N,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=99999999999999999999",
                "r=%N,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,",
                "m=ext,r=%N,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            })
    void whatIsNotAServersFirstMessageIsAViolation(String text) {
        ScramClientFirst first = ScramClientFirst.parse(CLIENT_FIRST);

        assertThatThrownBy(() -> ScramServerFirst.parse(text.replace("%N", NONCE), first))
                .isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void nothingPrintsAKeyOrWhatCouldBeTriedPasswordsOn() {
        ScramProof proof = challenge().answered(CLIENT_FINAL);
        ScramAnswer answer = new ScramAnswer(CLIENT_FINAL, SERVER_FINAL);

        assertThat(proof.toString() + answer + Scram.keys(PASSWORD, SETTINGS) + challenge())
                .doesNotContain("dHzb")
                .doesNotContain("6rri");
    }
}
