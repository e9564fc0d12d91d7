package dev.tdb.postgres.backend;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramKeys;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.BackendLogin;
import java.util.Optional;

/**
 * Keys derived of our own passwords, so that only the first login of a user to a server costs the milliseconds that
 * deriving takes. Used by all threads; the longest unused of more than {@value #ENTRIES_MAX} is dropped.
 */
final class ScramKeyCache {
    private static final int ENTRIES_MAX = 10_000;

    private final Cache<Key, ScramKeys> keys =
            Caffeine.newBuilder().maximumSize(ENTRIES_MAX).build();

    private record Key(String user, Secret passwordSha256, ScramSettings settings) {
        static Key of(BackendLogin login, ScramSettings settings) {
            return new Key(login.user(), CredentialBook.tokenSha256(login.password()), settings);
        }
    }

    /** The keys, if they were derived before: fast. */
    Optional<ScramKeys> find(BackendLogin login, ScramSettings settings) {
        return Optional.ofNullable(keys.getIfPresent(Key.of(login, settings)));
    }

    /** Derives the keys: slow, so never on an event loop. Kept only by {@link #keep}. */
    static ScramKeys derive(BackendLogin login, ScramSettings settings) {
        return Scram.keys(login.password(), settings);
    }

    /** To be called once a server has shown that it knows the user: so no server can fill the cache with rubbish. */
    void keep(BackendLogin login, ScramSettings settings, ScramKeys derived) {
        keys.put(Key.of(login, settings), derived);
    }
}
