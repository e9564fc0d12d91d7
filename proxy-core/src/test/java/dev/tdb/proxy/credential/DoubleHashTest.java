package dev.tdb.proxy.credential;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DoubleHashTest {
    private static final Secret PASSWORD = Secret.of("password");
    private static final Secret NONCE = Secret.of("abcdefghijklmnopqrst");

    /** What {@code SELECT PASSWORD('password')} says on a MariaDB server. */
    @Test
    void whatIsStoredIsWhatServersStore() {
        assertThat(DoubleHash.SHA1.stored(PASSWORD).revealHex())
                .isEqualToIgnoringCase("2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19");
    }

    @Test
    void whatIsStoredForOneWayFollowsFromWhatIsStoredForTokens() {
        assertThat(DoubleHash.SHA256.storedOf(
                        CredentialBook.tokenSha256(PASSWORD).bytes()))
                .isEqualTo(DoubleHash.SHA256.stored(PASSWORD));
    }

    @ParameterizedTest
    @EnumSource
    void whoHasThePasswordProvesItForOneNonceOnly(DoubleHash way) {
        Secret stored = way.stored(PASSWORD);
        Secret answer = way.answer(PASSWORD, NONCE);

        assertThat(way.isBy(answer, NONCE, stored)).isTrue();
        assertThat(way.isBy(answer, Secret.of("ABCDEFGHIJKLMNOPQRST"), stored)).isFalse();
        assertThat(way.isBy(answer, NONCE, way.stored(Secret.of("another")))).isFalse();
        assertThat(way.isBy(way.answer(Secret.of("another"), NONCE), NONCE, stored))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsNoProofAndNothingProvesToNothing(DoubleHash way) {
        Secret none = Secret.of(new byte[0]);

        assertThat(way.isBy(none, NONCE, way.stored(PASSWORD))).isFalse();
        assertThat(way.isBy(way.answer(PASSWORD, NONCE), NONCE, none)).isFalse();
        assertThat(way.isBy(none, NONCE, none)).isFalse();
    }
}
