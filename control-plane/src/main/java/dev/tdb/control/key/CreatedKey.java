package dev.tdb.control.key;

import dev.tdb.proxy.credential.Secret;
import java.util.Optional;

/**
 * A key with its secrets: shown once, kept nowhere.
 *
 * @param key for HTTP
 * @param proxyPassword for drivers, with blueprint and tenant scope
 */
public record CreatedKey(ApiKey apiKey, Secret key, Optional<Secret> proxyPassword) {}
