package dev.tdb.control.tenant;

import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import java.util.EnumMap;
import java.util.Map;

/** The strings that drivers are given, by engine. */
public final class ConnectionStrings {
    /** Stands for a password that is not shown. */
    public static final String MASK = "••••••••";

    private final Map<Engine, PublicEndpoint> endpoints;

    public ConnectionStrings(Map<Engine, PublicEndpoint> endpoints) {
        this.endpoints = new EnumMap<>(Engine.class);
        for (Engine engine : Engine.values()) {
            this.endpoints.put(engine, new PublicEndpoint("localhost", engine.defaultPort(), true));
        }
        this.endpoints.putAll(endpoints);
    }

    public PublicEndpoint endpoint(Engine engine) {
        return java.util.Objects.requireNonNull(endpoints.get(engine));
    }

    /** The user name a client of {@code engine} gives. */
    public String user(Engine engine, ProjectId project, DatabaseName name) {
        return engine == Engine.REDIS ? name.tenant() : project.value();
    }

    /** The database a client of {@code engine} names. */
    public String database(Engine engine, DatabaseName name) {
        return engine == Engine.REDIS ? "0" : name.toString();
    }

    /** @param password as it is to be printed, or {@link #MASK} */
    public String of(Engine engine, ProjectId project, DatabaseName name, String password) {
        PublicEndpoint at = endpoint(engine);
        String place =
                user(engine, project, name) + ":" + password + "@" + at.authority() + "/" + database(engine, name);
        return switch (engine) {
            case POSTGRES -> "postgresql://" + place + (at.tls() ? "?sslmode=require" : "");
            case MYSQL -> "mysql://" + place;
            case MONGODB ->
                "mongodb://" + place
                        + (at.tls()
                                ? "?authMechanism=PLAIN&directConnection=true&tls=true"
                                : "?authMechanism=SCRAM-SHA-256&directConnection=true");
            case REDIS -> (at.tls() ? "rediss://" : "redis://") + place;
        };
    }
}
