package dev.tdb.control.plane;

import dev.tdb.control.blueprint.Blueprints;
import dev.tdb.control.event.Events;
import dev.tdb.control.host.Hosts;
import dev.tdb.control.key.Keys;
import dev.tdb.control.operation.Operations;
import dev.tdb.control.project.Projects;
import dev.tdb.control.querylog.QueryLog;
import dev.tdb.control.route.Routes;
import dev.tdb.control.tenant.ConnectionStrings;
import dev.tdb.control.tenant.Tenants;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.observe.QueryEvents;
import java.util.Map;
import java.util.Optional;

/**
 * All services over one control database. Opening it migrates the database, publishes every route and credential to
 * the data path and takes up what an earlier process left unfinished.
 */
public final class ControlPlane implements AutoCloseable {
    private ControlPlane() {}

    /** Blocks until the first route table is published. */
    public static ControlPlane open(ControlSettings settings, RouteControl dataPath, QueryEvents queries) {
        throw new UnsupportedOperationException("next push");
    }

    /** The operator key, when this start was the first: shown once, kept nowhere. */
    public Optional<Secret> firstOperatorKey() {
        throw new UnsupportedOperationException("next push");
    }

    public Projects projects() {
        throw new UnsupportedOperationException("next push");
    }

    public Keys keys() {
        throw new UnsupportedOperationException("next push");
    }

    public Hosts hosts() {
        throw new UnsupportedOperationException("next push");
    }

    public Blueprints blueprints() {
        throw new UnsupportedOperationException("next push");
    }

    public Tenants tenants() {
        throw new UnsupportedOperationException("next push");
    }

    public Routes routes() {
        throw new UnsupportedOperationException("next push");
    }

    public Operations operations() {
        throw new UnsupportedOperationException("next push");
    }

    public Events events() {
        throw new UnsupportedOperationException("next push");
    }

    public QueryLog queryLog() {
        throw new UnsupportedOperationException("next push");
    }

    public ConnectionStrings connectionStrings() {
        throw new UnsupportedOperationException("next push");
    }

    /** The parts that must work for the control plane to be ready, each with what is wrong with it, or "". */
    public Map<String, String> readiness() {
        throw new UnsupportedOperationException("next push");
    }

    @Override
    public void close() {}
}
