package dev.tdb.it;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One thing that is asked of the API about one tenant. */
record LifecycleCall(String tenant, Kind kind) {
    /** What is asked, and the status that the tenant has once it is done. */
    enum Kind {
        CREATE(Optional.of("ready")),
        SUSPEND(Optional.of("suspended")),
        RESUME(Optional.of("ready")),
        TRASH(Optional.of("deleted")),
        /** To what it was. */
        RESTORE(Optional.empty()),
        REMOVE(Optional.of("absent")),
        SHOW(Optional.empty());

        private final Optional<String> after;

        Kind(Optional<String> after) {
            this.after = after;
        }

        Optional<String> after() {
            return after;
        }
    }

    static LifecycleCall any(RandomGenerator random, int tenants) {
        Kind[] kinds = Kind.values();
        return new LifecycleCall("t" + random.nextInt(tenants), kinds[random.nextInt(kinds.length)]);
    }

    HttpResponse<String> send(OperatorApi api, String blueprint) throws IOException, InterruptedException {
        String path = "/tenants/" + tenant;
        return switch (kind) {
            case CREATE ->
                api.send(
                        "POST",
                        "/tenants",
                        Map.of("tenant_id", tenant, "databases", List.of(Map.of("blueprint", blueprint))));
            case SUSPEND -> api.send("POST", path + "/suspend", Map.of("patience", "0s"));
            case RESUME -> api.send("POST", path + "/resume", Map.of());
            case TRASH -> api.send("DELETE", path, Map.of());
            case RESTORE -> api.send("POST", path + "/restore", Map.of());
            case REMOVE -> api.send("DELETE", path + "?hard=true", Map.of());
            case SHOW -> api.send("GET", path, Map.of());
        };
    }
}
