package dev.tdb.admin.http;

import dev.tdb.control.key.Principal;

/** Knows the keys of the API. */
@FunctionalInterface
public interface Authenticator {
    /**
     * Whose key this is. May block.
     *
     * @throws dev.tdb.control.ControlException {@code unauthorized} when it is nobody's
     */
    Principal authenticate(String bearer);
}
