package dev.tdb.control.key;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Secret;
import java.time.Duration;
import java.util.List;

/** API keys and proxy passwords: made, listed, checked. */
public final class Keys {
    /** Who presents this bearer token; throws {@code unauthorized} for an unknown or expired one. */
    public Principal authenticate(String bearer) {
        throw new UnsupportedOperationException("next push");
    }

    public CreatedKey create(ProjectId project, KeySpec spec) {
        throw new UnsupportedOperationException("next push");
    }

    public List<ApiKey> list(ProjectId project) {
        throw new UnsupportedOperationException("next push");
    }

    /** Removes a key with its passwords. Sessions it had opened go on until they end. */
    public void delete(ProjectId project, String id) {
        throw new UnsupportedOperationException("next push");
    }

    /** New secrets for a key; the old ones work for {@code overlap}. */
    public CreatedKey rotate(ProjectId project, String id, Duration overlap) {
        throw new UnsupportedOperationException("next push");
    }

    /** A new operator key; the old one works for {@code overlap}. */
    public Secret rotateOperator(Duration overlap) {
        throw new UnsupportedOperationException("next push");
    }
}
