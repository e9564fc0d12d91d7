package dev.tdb.control.key;

import dev.tdb.control.ControlException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How far a key reaches.
 *
 * @param values the blueprints or tenants; empty for a project
 */
public record KeyScope(Type type, List<String> values) {
    /** The {@code scope_type} of the API. */
    public enum Type {
        PROJECT,
        BLUEPRINT,
        TENANT;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Type parse(String word) {
            for (Type type : values()) {
                if (type.word().equals(word)) {
                    return type;
                }
            }
            throw ControlException.badRequest(
                    "scope_type '" + word + "' is not known, expected project, blueprint or tenant");
        }
    }

    public KeyScope {
        values = List.copyOf(values);
        if (Set.copyOf(values).size() < values.size()) {
            throw ControlException.badRequest("scope_values names the same " + type.word() + " twice");
        }
        if ((type == Type.PROJECT) != values.isEmpty()) {
            throw ControlException.badRequest(
                    type == Type.PROJECT
                            ? "scope_values must be empty for scope_type project"
                            : "scope_values must name at least one " + type.word());
        }
    }

    public static KeyScope project() {
        return new KeyScope(Type.PROJECT, List.of());
    }

    public static KeyScope tenant(String tenant) {
        return new KeyScope(Type.TENANT, List.of(tenant));
    }

    public static KeyScope blueprint(String blueprint) {
        return new KeyScope(Type.BLUEPRINT, List.of(blueprint));
    }

    /** Whether all of a tenant is within reach; {@code blueprints} are those it has databases of. */
    public boolean reachesTenant(String tenant, List<String> blueprints) {
        return switch (type) {
            case PROJECT -> true;
            case BLUEPRINT -> !blueprints.isEmpty() && values.containsAll(blueprints);
            case TENANT -> values.contains(tenant);
        };
    }

    /** Whether one database of a tenant is within reach. */
    public boolean reachesDatabase(String tenant, String blueprint) {
        return reachesTenant(tenant, List.of(blueprint));
    }
}
