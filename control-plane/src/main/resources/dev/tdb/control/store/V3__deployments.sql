-- A version on its way to tenants. It outlives blueprints and tenants, so it refers to neither.
-- state: in_progress, completed, failed or cancelled.
CREATE TABLE deployments (
    id           TEXT PRIMARY KEY,
    project_id   TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    blueprint    TEXT NOT NULL,
    version      INTEGER NOT NULL,
    state        TEXT NOT NULL,
    operation_id TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    ended_at     BIGINT
);
CREATE INDEX deployments_by_time ON deployments (project_id, created_at);
CREATE UNIQUE INDEX deployments_one_for_each_blueprint ON deployments (project_id, blueprint)
    WHERE state = 'in_progress';

-- What became of it at one tenant. state: pending, running, completed, failed, skipped or cancelled.
-- operation_id: of the tenant's own operation; empty before it began.
CREATE TABLE deployment_results (
    deployment_id TEXT NOT NULL REFERENCES deployments (id) ON DELETE CASCADE,
    ordinal       INTEGER NOT NULL,
    project_id    TEXT NOT NULL,
    tenant        TEXT NOT NULL,
    state         TEXT NOT NULL,
    operation_id  TEXT NOT NULL,
    from_version  INTEGER NOT NULL,
    detail        TEXT NOT NULL,
    started_at    BIGINT,
    ended_at      BIGINT,
    PRIMARY KEY (deployment_id, ordinal)
);
CREATE INDEX deployment_results_of_tenant ON deployment_results (project_id, tenant);

-- An operation that is about no single tenant, as a deployment is, has an empty one: several may run.
DROP INDEX operations_one_for_each_tenant;
CREATE UNIQUE INDEX operations_one_for_each_tenant ON operations (project_id, tenant)
    WHERE state = 'running' AND tenant <> '';
