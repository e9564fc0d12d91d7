package dev.tdb.proxy.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tdb.proxy.credential.CredentialBook.ProjectCredentials;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CredentialBookTest {
    private static final ProjectId PROJECT = new ProjectId("tdb_shop");
    private static final ScramSettings SCRAM = new ScramSettings(Secret.of("0123456789abcdef"), 4096);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Credential OPERATOR = credential("operator", new Scope.Project());
    private static final Credential SHOP = credential("shop", new Scope.Blueprint("shop"));
    private static final Credential ACME = credential("acme", new Scope.Tenant("acme"));
    private static final ProjectCredentials KNOWN = new ProjectCredentials(SCRAM, List.of(OPERATOR, ACME, SHOP));
    private static final CredentialBook BOOK = new CredentialBook(Map.of(PROJECT, KNOWN), Secret.of("installation"));

    private static Credential credential(String id, Scope scope) {
        return credential(id, scope, Instant.MAX);
    }

    private static Credential credential(String id, Scope scope, Instant expires) {
        return new Credential(
                id,
                PROJECT,
                scope,
                Role.WRITE,
                CredentialBook.tokenSha256(Secret.of(id)),
                new ScramVerifier(Secret.of("x"), Secret.of("y")),
                expires);
    }

    @Test
    void aTenantDatabaseIsReachedByWhatCoversItInTheOrderItWasMade() {
        assertThat(KNOWN.covering("shop", "acme", NOW)).containsExactly(ACME, SHOP);
        assertThat(KNOWN.covering("shop", "other", NOW)).containsExactly(SHOP);
        assertThat(KNOWN.covering("stock", "acme", NOW)).containsExactly(ACME);
    }

    @Test
    void aNameThatIsCoveredIsTheWholeName() {
        assertThat(KNOWN.covering("sho", "acm", NOW)).isEmpty();
        assertThat(KNOWN.covering("shops", "acme2", NOW)).isEmpty();
        assertThat(KNOWN.covering("acme", "shop", NOW)).isEmpty();
    }

    @Test
    void whatHasExpiredReachesNothing() {
        Credential expired = credential("expired", new Scope.Blueprint("shop"), NOW);
        Credential valid = credential("valid", new Scope.Blueprint("shop"), NOW.plusNanos(1));
        ProjectCredentials known = new ProjectCredentials(SCRAM, List.of(expired, valid));

        assertThat(known.covering("shop", "acme", NOW)).containsExactly(valid);
    }

    @Test
    void theControlPlanesOwnKeysReachNoDatabase() {
        assertThat(new ProjectCredentials(SCRAM, List.of(OPERATOR)).covering("shop", "acme", NOW))
                .isEmpty();
    }

    @Test
    void onlyProjectsThatAreInItAreKnown() {
        assertThat(BOOK.project(PROJECT)).contains(KNOWN);
        assertThat(BOOK.project(new ProjectId("tdb_other"))).isEmpty();
        assertThat(CredentialBook.empty(Secret.of("installation")).project(PROJECT))
                .isEmpty();
    }

    @Test
    void whatIsPublishedDoesNotChange() {
        List<Credential> credentials = new ArrayList<>(List.of(SHOP));
        Map<ProjectId, ProjectCredentials> projects = new HashMap<>();
        projects.put(PROJECT, new ProjectCredentials(SCRAM, credentials));
        CredentialBook book = new CredentialBook(projects, Secret.of("installation"));

        credentials.add(ACME);
        projects.clear();

        assertThat(book.project(PROJECT).orElseThrow().credentials()).containsExactly(SHOP);
        assertThatThrownBy(() -> book.projects().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    private static CredentialBook book(Credential... credentials) {
        return new CredentialBook(
                Map.of(PROJECT, new ProjectCredentials(SCRAM, List.of(credentials))), Secret.of("installation"));
    }

    private static Credential until(Instant end) {
        return credential("shop", new Scope.Blueprint("shop"), end);
    }

    @Test
    void whatIsNotInTheNewBookHasEnded() {
        assertThat(book(ACME).endedSince(BOOK, NOW)).containsExactlyInAnyOrder(OPERATOR, SHOP);
        assertThat(BOOK.endedSince(book(ACME), NOW)).isEmpty();
        assertThat(CredentialBook.empty(Secret.of("x")).endedSince(book(ACME), NOW))
                .containsExactly(ACME);
    }

    @Test
    void whatHasAnotherEndIsTheSameUntilThen() {
        assertThat(book(until(NOW.plusMillis(1))).endedSince(book(SHOP), NOW)).isEmpty();
        assertThat(book(until(NOW)).endedSince(book(SHOP), NOW)).containsExactly(SHOP);
        assertThat(book(SHOP).endedSince(book(until(NOW)), NOW)).isEmpty();
    }

    @Test
    void anotherPasswordOrLessReachIsAnother() {
        Credential other = new Credential(
                SHOP.id(),
                PROJECT,
                SHOP.scope(),
                SHOP.role(),
                CredentialBook.tokenSha256(Secret.of("other")),
                SHOP.scramSha256(),
                Instant.MAX);

        assertThat(book(other).endedSince(book(SHOP), NOW)).containsExactly(SHOP);
        assertThat(book(credential("shop", new Scope.Tenant("acme"))).endedSince(book(SHOP), NOW))
                .containsExactly(SHOP);
    }

    @Test
    void theNextToEndIsKnown() {
        CredentialBook book = book(until(NOW.plusSeconds(2)), credential("a", new Scope.Tenant("a"), NOW), ACME);

        assertThat(book.nextEnd(NOW)).contains(NOW.plusSeconds(2));
        assertThat(book.expired(NOW)).containsExactly(credential("a", new Scope.Tenant("a")));
        assertThat(book.nextEnd(NOW.plusSeconds(2))).isEmpty();
        assertThat(book.expired(NOW.plusSeconds(2))).hasSize(2);
    }

    @Test
    void whatStandsLetsSomebodyIn() {
        CredentialBook book = book(until(NOW.plusSeconds(2)));

        assertThat(book.stands(SHOP, NOW)).isTrue();
        assertThat(book.stands(SHOP, NOW.plusSeconds(2))).isFalse();
        assertThat(book.stands(ACME, NOW)).isFalse();
    }

    @Test
    void anUnknownUserIsShownTheSameSaltAtEveryTry() {
        CredentialBook published = new CredentialBook(Map.of(), Secret.of("installation"));

        assertThat(published.mockSettings("nobody", 4096)).isEqualTo(BOOK.mockSettings("nobody", 4096));
    }

    @Test
    void aSaltThatIsMadeUpTellsNothing() {
        ScramSettings shown = BOOK.mockSettings("nobody", 4096);

        assertThat(shown.salt().length()).isEqualTo(SCRAM.salt().length());
        assertThat(shown.iterations()).isEqualTo(4096);
        assertThat(shown.salt())
                .isNotEqualTo(BOOK.mockSettings("somebody", 4096).salt())
                .isNotEqualTo(CredentialBook.empty(Secret.of("another installation"))
                        .mockSettings("nobody", 4096)
                        .salt());
    }

    @Test
    void aPasswordIsKeptAsItsSha256() {
        assertThat(CredentialBook.tokenSha256(Secret.of("abc")).revealHex())
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void nothingOfASecretIsPrinted() {
        assertThat(BOOK.toString()).doesNotContain("installation").doesNotContain("0123456789abcdef");
    }
}
