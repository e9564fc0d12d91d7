package dev.tdb.control.store;

import org.jdbi.v3.core.Handle;

/** The tables, within one connection: valid during the call that received it. */
public final class Tables {
    private final Handle handle;

    Tables(Handle handle) {
        this.handle = handle;
    }

    public InstallationRows installation() {
        return new InstallationRows(handle);
    }

    public ProjectRows projects() {
        return new ProjectRows(handle);
    }

    public KeyRows keys() {
        return new KeyRows(handle);
    }

    public CredentialRows credentials() {
        return new CredentialRows(handle);
    }

    public HostRows hosts() {
        return new HostRows(handle);
    }

    public BlueprintRows blueprints() {
        return new BlueprintRows(handle);
    }

    public TenantRows tenants() {
        return new TenantRows(handle);
    }

    public RouteRows routes() {
        return new RouteRows(handle);
    }

    public LoginRows logins() {
        return new LoginRows(handle);
    }

    public OperationRows operations() {
        return new OperationRows(handle);
    }

    public DeploymentRows deployments() {
        return new DeploymentRows(handle);
    }

    public CutoverRows cutovers() {
        return new CutoverRows(handle);
    }

    public AnswerRows answers() {
        return new AnswerRows(handle);
    }
}
