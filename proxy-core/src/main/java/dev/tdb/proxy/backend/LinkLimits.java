package dev.tdb.proxy.backend;

import java.time.Duration;

/**
 * Bounds of the server side, for one event loop.
 *
 * @param dialPatience from looking a name up to being logged in
 * @param dialsMax logins under way at once to one server; more wait in order
 * @param dialsTotalMax the same to all servers, which take turns
 * @param warmMax links kept for the next session, of one route and profile
 * @param warmTotalMax links kept in all
 * @param warmPatience how long a link is kept
 * @param warmAgeMax since its login, how old a link may be that is kept; some are given up up to a fifth earlier, so that
 *     those which were opened together do not all go at once
 */
public record LinkLimits(
        Duration dialPatience,
        int dialsMax,
        int dialsTotalMax,
        int warmMax,
        int warmTotalMax,
        Duration warmPatience,
        Duration warmAgeMax) {
    public static LinkLimits defaults() {
        return new LinkLimits(Duration.ofSeconds(15), 32, 512, 16, 256, Duration.ofSeconds(60), Duration.ofMinutes(10));
    }
}
