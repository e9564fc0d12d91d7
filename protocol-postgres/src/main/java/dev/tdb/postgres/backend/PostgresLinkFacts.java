package dev.tdb.postgres.backend;

import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.credential.Secret;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server said of itself and of one session while it logged the proxy in. The parameters follow each later
 * ParameterStatus: the link's event loop sets them, and any thread may read them, since they are replaced as a whole.
 */
public final class PostgresLinkFacts implements LinkFacts {
    private static final Pattern VERSION =
            Pattern.compile("(\\d{1,3})(?:\\.(\\d{1,3}))?(?:\\.(\\d{1,3}))?(?!\\d).*", Pattern.DOTALL);

    private final int processId;
    private final Secret cancelSecret;
    private final int minorVersion;
    private volatile Map<String, String> parameters;

    /**
     * @param parameters the ParameterStatus values in the order they came
     * @param minorVersion of protocol 3, as spoken with this server
     */
    public PostgresLinkFacts(Map<String, String> parameters, int processId, Secret cancelSecret, int minorVersion) {
        this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        this.processId = processId;
        this.cancelSecret = cancelSecret;
        this.minorVersion = minorVersion;
    }

    /** The ParameterStatus values in the order the server first sent them: an immutable snapshot. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** The server reported a new value. */
    public void parameterChanged(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(parameters);
        changed.put(name, value);
        parameters = Collections.unmodifiableMap(changed);
    }

    @Override
    public PostgresLinkFacts snapshot() {
        return new PostgresLinkFacts(parameters, processId, cancelSecret, minorVersion);
    }

    /** The server's own: never shown to a client. */
    public int processId() {
        return processId;
    }

    public Secret cancelSecret() {
        return cancelSecret;
    }

    public int minorVersion() {
        return minorVersion;
    }

    /** As {@code server_version_num}: 180006 for 18.6, 90624 for 9.6.24; 0 when the server gave no version we can read. */
    public int serverVersionNumber() {
        Matcher version = VERSION.matcher(parameters.getOrDefault("server_version", ""));
        if (!version.matches()) {
            return 0;
        }
        int first = Integer.parseInt(version.group(1));
        int second = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
        int third = version.group(3) == null ? 0 : Integer.parseInt(version.group(3));
        return first >= 10 ? first * 10_000 + second : first * 10_000 + second * 100 + third;
    }
}
