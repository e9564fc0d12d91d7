package dev.tdb.control.blueprint;

import dev.tdb.control.ControlException;
import java.time.Duration;

/**
 * What a blueprint says about all of its databases.
 *
 * @param patience how long each query of a suspended tenant waits, unless the suspension says it; zero refuses at once
 */
public record BlueprintSettings(Duration patience) {
    private static final Duration PATIENCE_MAX = Duration.ofHours(1);

    public BlueprintSettings {
        if (patience.isNegative() || patience.compareTo(PATIENCE_MAX) > 0) {
            throw ControlException.badRequest("settings.patience must be between 0s and 1h");
        }
    }

    public static BlueprintSettings standard() {
        return new BlueprintSettings(Duration.ofSeconds(30));
    }
}
