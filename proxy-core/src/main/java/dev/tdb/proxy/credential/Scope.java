package dev.tdb.proxy.credential;

/** How far a credential reaches within its project. */
public sealed interface Scope {
    /** Whether a wire login with this scope may reach {@code blueprint__tenant}. */
    boolean covers(String blueprint, String tenant);

    /** The control plane only: reaches no tenant database over the wire. */
    record Project() implements Scope {
        @Override
        public boolean covers(String blueprint, String tenant) {
            return false;
        }
    }

    /** Every tenant of one blueprint. */
    record Blueprint(String blueprint) implements Scope {
        @Override
        public boolean covers(String blueprint, String tenant) {
            return this.blueprint.equals(blueprint);
        }
    }

    /** One tenant, all its databases. */
    record Tenant(String tenant) implements Scope {
        @Override
        public boolean covers(String blueprint, String tenant) {
            return this.tenant.equals(tenant);
        }
    }
}
