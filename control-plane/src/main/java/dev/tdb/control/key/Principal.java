package dev.tdb.control.key;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;

/** Who calls the API. */
public sealed interface Principal {
    /** For logs and rate limits; not secret. */
    String keyId();

    /** Reaches everything, in every project. */
    record Operator(String keyId) implements Principal {}

    /** Reaches what its scope and role allow, in one project. */
    record Member(String keyId, ProjectId project, KeyScope scope, Role role) implements Principal {}
}
