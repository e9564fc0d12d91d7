package dev.tdb.control.plane;

import dev.tdb.control.ControlException;
import dev.tdb.control.deployment.Deployment;
import dev.tdb.control.deployment.Deployments;
import dev.tdb.control.deployment.NewDeployment;
import dev.tdb.control.deployment.TenantDeploy;
import dev.tdb.control.operation.Operation;
import dev.tdb.control.operation.OperationState;
import dev.tdb.control.operation.Operations;
import dev.tdb.control.tenant.RetriedTenant;
import dev.tdb.control.tenant.Tenant;
import dev.tdb.control.tenant.TenantStatus;
import dev.tdb.control.tenant.Tenants;
import dev.tdb.proxy.credential.ProjectId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Goes on with what has failed at a tenant last. */
public final class Retries {
    private final Tenants tenants;
    private final Deployments deployments;
    private final Operations operations;

    Retries(Tenants tenants, Deployments deployments, Operations operations) {
        this.tenants = tenants;
        this.deployments = deployments;
        this.operations = operations;
    }

    /** What was gone on with. */
    public sealed interface Retried {
        /** Its databases are there now. */
        record Made(RetriedTenant tenant) implements Retried {}

        /** It is removed now. */
        record Removed(String operationId) implements Retried {}

        /** A deployment to this tenant alone has begun. */
        record Deploying(Deployment deployment) implements Retried {}
    }

    /** Throws {@code conflict} when nothing has failed. */
    public Retried retry(ProjectId project, String id) {
        Tenant tenant = tenants.get(project, id);
        if (tenant.status() == TenantStatus.FAILED) {
            return new Retried.Made(tenants.retry(project, id));
        }
        Optional<Operation> failed = operations.list(project, id, 1, 0).stream()
                .filter(operation -> operation.state() == OperationState.FAILED)
                .findFirst();
        String type = failed.map(Operation::type).orElse("");
        if (tenant.status() == TenantStatus.DELETED && type.equals("delete")) {
            return new Retried.Removed(tenants.delete(project, id, true));
        }
        if (type.equals(TenantDeploy.TYPE)) {
            String blueprint = failed.orElseThrow().blueprint();
            return new Retried.Deploying(
                    deployments.create(project, new NewDeployment(blueprint, OptionalInt.empty(), List.of(id))));
        }
        throw ControlException.conflict("Tenant '" + id + "' is "
                + tenant.status().word() + ", and its last operation has not failed: there is nothing to retry");
    }
}
