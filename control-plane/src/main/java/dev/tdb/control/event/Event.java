package dev.tdb.control.event;

import java.time.Instant;
import java.util.Map;

/**
 * Something that has just changed.
 *
 * @param id grows by one with each event since the start of the process
 * @param type such as {@code tenant.status}, {@code route.epoch}, {@code operation}, {@code hold}
 * @param project empty for what concerns the installation
 * @param tenant empty when it is about no single one
 * @param data strings, numbers and booleans by snake_case name
 */
public record Event(long id, Instant at, String type, String project, String tenant, Map<String, Object> data) {
    public Event {
        data = Map.copyOf(data);
    }
}
