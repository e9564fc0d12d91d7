package dev.tdb.control.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeyScopeTest {
    private static final List<String> BOTH = List.of("shop", "cache");

    @Test
    void aProjectReachesAll() {
        assertThat(KeyScope.project().reachesTenant("acme", BOTH)).isTrue();
        assertThat(KeyScope.project().reachesDatabase("acme", "shop")).isTrue();
    }

    @Test
    void aTenantReachesAllOfItsOwnDatabases() {
        assertThat(KeyScope.tenant("acme").reachesTenant("acme", BOTH)).isTrue();
        assertThat(KeyScope.tenant("acme").reachesDatabase("acme", "cache")).isTrue();
        assertThat(KeyScope.tenant("acme").reachesTenant("globex", BOTH)).isFalse();
    }

    @Test
    void aBlueprintReachesItsOwnDatabaseOfATenantThatHasSeveral() {
        KeyScope shop = KeyScope.blueprint("shop");

        assertThat(shop.reachesDatabase("acme", "shop")).isTrue();
        assertThat(shop.reachesDatabase("acme", "cache")).isFalse();
        assertThat(shop.reachesTenant("acme", BOTH)).isFalse();
        assertThat(shop.reachesTenant("acme", List.of("shop"))).isTrue();
        assertThat(shop.reachesTenant("acme", List.of())).isFalse();
        assertThat(new KeyScope(KeyScope.Type.BLUEPRINT, List.of("cache", "shop", "crm")).reachesTenant("acme", BOTH))
                .isTrue();
    }
}
