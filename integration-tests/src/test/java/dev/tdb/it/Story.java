package dev.tdb.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tdb.local.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What the API, its journal and the server say of tenants. It must be one story. */
final class Story {
    private static final String ABSENT = "absent";
    private static final Map<String, String> STATE_OF_ROUTE =
            Map.of("ready", "open", "suspended", "suspended", "deleted", "deleted");

    private final Map<String, String> statuses = new TreeMap<>();
    private final Map<String, String> routes = new TreeMap<>();
    private final Map<String, List<JsonNode>> operations;

    private Story(OperatorApi api) throws IOException, InterruptedException {
        for (JsonNode tenant : api.all("/tenants", "tenants")) {
            statuses.put(
                    tenant.path("tenant_id").asString(), tenant.path("status").asString());
        }
        for (JsonNode route : api.all("/routes", "routes")) {
            routes.put(route.path("database").asString(), route.path("state").asString());
        }
        operations = api.all("/operations", "operations").stream()
                .collect(Collectors.groupingBy(
                        operation -> operation.path("tenant_id").asString()));
    }

    /** Reads it, and checks that its parts agree. The server must have no tenants but those of {@code blueprint}. */
    static Story told(OperatorApi api, PostgresServer server, String blueprint) throws Exception {
        Story story = new Story(api);
        story.assertRoutesFollowTenants(blueprint);
        story.assertServerHoldsWhatIsThere(server);
        story.operations.forEach(story::assertJournalLeadsTo);
        return story;
    }

    /** By tenant; one that is gone is not among them. */
    Map<String, String> statuses() {
        return statuses;
    }

    private void assertRoutesFollowTenants(String blueprint) {
        Map<String, String> expected = new TreeMap<>();
        statuses.forEach((tenant, status) -> expected.put(blueprint + "__" + tenant, STATE_OF_ROUTE.get(status)));
        assertThat(routes).isEqualTo(expected);
    }

    private void assertServerHoldsWhatIsThere(PostgresServer server) throws SQLException {
        try (Connection connection = server.connect("postgres")) {
            assertThat(TestServers.column(connection, "SELECT datname FROM pg_database WHERE datname LIKE '%\\_\\_%'"))
                    .containsExactlyInAnyOrderElementsOf(routes.keySet());
            assertThat(TestServers.column(
                            connection, "SELECT rolname FROM pg_roles WHERE rolname ~ '^(owner|write|read)_'"))
                    .hasSize(3 * routes.size());
            assertThat(TestServers.column(connection, "SELECT rolname FROM pg_roles WHERE rolname ~ '^t[a-z2-7]{16}$'"))
                    .hasSize(3 * routes.size());
        }
    }

    /** Each operation begins where the one before it ended, and after it. */
    private void assertJournalLeadsTo(String tenant, List<JsonNode> journal) {
        List<JsonNode> inOrder = new ArrayList<>(journal);
        inOrder.sort(Comparator.comparing(Story::startedAt).thenComparing(Story::endedAt));
        String before = ABSENT;
        String state = ABSENT;
        Instant ended = Instant.MIN;
        for (JsonNode operation : inOrder) {
            assertThat(operation.path("state").asString())
                    .as(operation.toString())
                    .isIn("succeeded", "aborted");
            assertThat(startedAt(operation)).as("of " + inOrder).isAfterOrEqualTo(ended);
            ended = endedAt(operation);
            if (operation.path("state").asString().equals("aborted")) {
                continue;
            }
            String type = operation.path("type").asString();
            String next = next(type, state, before);
            assertThat(next).as(type + " of " + tenant + " which is " + state).isNotEmpty();
            before = type.equals("trash") ? state : before;
            state = next;
        }
        assertThat(statuses.getOrDefault(tenant, ABSENT)).as(inOrder.toString()).isEqualTo(state);
    }

    /** Empty when the operation cannot begin there. */
    private static String next(String type, String state, String before) {
        return switch (type + " " + state) {
            case "create absent", "resume suspended" -> "ready";
            case "suspend ready" -> "suspended";
            case "trash ready", "trash suspended" -> "deleted";
            case "restore deleted" -> before;
            case "delete ready", "delete suspended", "delete deleted" -> ABSENT;
            default -> "";
        };
    }

    private static Instant startedAt(JsonNode operation) {
        return Instant.parse(operation.path("started_at").asString());
    }

    private static Instant endedAt(JsonNode operation) {
        return Instant.parse(operation.path("ended_at").asString());
    }
}
