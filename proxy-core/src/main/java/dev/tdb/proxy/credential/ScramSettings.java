package dev.tdb.proxy.credential;

/**
 * Salt and iteration count shared by all SCRAM verifiers of a project, because a server sends both before it knows
 * which of the project's passwords the client has.
 *
 * @param salt 16 bytes or more
 * @param iterations 4096 or more
 */
public record ScramSettings(Secret salt, int iterations) {
    public ScramSettings {
        if (salt.length() < 8 || iterations < 1) {
            throw new IllegalArgumentException("salt of " + salt.length() + " bytes, " + iterations + " iterations");
        }
    }
}
