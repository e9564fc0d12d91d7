-- Runs on SQLite and on PostgreSQL. Times are milliseconds since 1970, digests and salts are hexadecimal,
-- what is encrypted is "key id:hexadecimal". Words are those of the API.

CREATE TABLE installation (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE projects (
    id               TEXT PRIMARY KEY,
    name             TEXT NOT NULL,
    scram_salt       TEXT NOT NULL,
    scram_iterations INTEGER NOT NULL,
    created_at       BIGINT NOT NULL
);

-- An operator's key has no project.
CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    project_id   TEXT REFERENCES projects (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    role         TEXT NOT NULL,
    scope_type   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX api_keys_of_project ON api_keys (project_id);

CREATE TABLE api_key_scopes (
    key_id TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    value  TEXT NOT NULL,
    PRIMARY KEY (key_id, value)
);

CREATE TABLE api_key_tokens (
    sha256     TEXT PRIMARY KEY,
    key_id     TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    expires_at BIGINT
);
CREATE INDEX api_key_tokens_of_key ON api_key_tokens (key_id);

-- Passwords of drivers. Reach and role are those of the key.
CREATE TABLE credentials (
    id           TEXT PRIMARY KEY,
    key_id       TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    token_sha256 TEXT NOT NULL,
    stored_key   TEXT NOT NULL,
    server_key   TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT
);
CREATE INDEX credentials_of_key ON credentials (key_id);

CREATE TABLE hosts (
    id             TEXT PRIMARY KEY,
    engine         TEXT NOT NULL,
    host           TEXT NOT NULL,
    port           INTEGER NOT NULL,
    tls_mode       TEXT NOT NULL,
    tls_ca         TEXT NOT NULL,
    region         TEXT NOT NULL,
    level          INTEGER NOT NULL,
    capacity       INTEGER NOT NULL,
    state          TEXT NOT NULL,
    admin_user     TEXT NOT NULL,
    admin_password TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    UNIQUE (host, port)
);

CREATE TABLE blueprints (
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    name       TEXT NOT NULL,
    engine     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, name)
);

CREATE TABLE blueprint_versions (
    project_id TEXT NOT NULL,
    blueprint  TEXT NOT NULL,
    version    INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, blueprint, version),
    FOREIGN KEY (project_id, blueprint) REFERENCES blueprints (project_id, name) ON DELETE CASCADE
);

CREATE TABLE blueprint_statements (
    project_id TEXT NOT NULL,
    blueprint  TEXT NOT NULL,
    version    INTEGER NOT NULL,
    ordinal    INTEGER NOT NULL,
    statement  TEXT NOT NULL,
    PRIMARY KEY (project_id, blueprint, version, ordinal),
    FOREIGN KEY (project_id, blueprint, version)
        REFERENCES blueprint_versions (project_id, blueprint, version) ON DELETE CASCADE
);

CREATE TABLE tenants (
    project_id TEXT NOT NULL REFERENCES projects (id),
    id         TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    PRIMARY KEY (project_id, id)
);

-- status_before: what a restore from the trash goes back to.
CREATE TABLE tenant_databases (
    project_id      TEXT NOT NULL,
    tenant          TEXT NOT NULL,
    blueprint       TEXT NOT NULL,
    engine          TEXT NOT NULL,
    isolation_level INTEGER NOT NULL,
    region          TEXT NOT NULL,
    status          TEXT NOT NULL,
    status_before   TEXT NOT NULL,
    status_detail   TEXT NOT NULL,
    version         INTEGER NOT NULL,
    PRIMARY KEY (project_id, tenant, blueprint),
    FOREIGN KEY (project_id, tenant) REFERENCES tenants (project_id, id) ON DELETE CASCADE,
    FOREIGN KEY (project_id, blueprint) REFERENCES blueprints (project_id, name)
);
CREATE INDEX tenant_databases_of_blueprint ON tenant_databases (project_id, blueprint);

-- host_id: the registered host of that address, or ''. admin_host_id: the host whose administrator can log in there.
-- login_epoch: of the logins in use; it stays behind the epoch when a flip leads to the same server.
CREATE TABLE routes (
    project_id    TEXT NOT NULL,
    blueprint     TEXT NOT NULL,
    tenant        TEXT NOT NULL,
    engine        TEXT NOT NULL,
    host_id       TEXT NOT NULL,
    admin_host_id TEXT NOT NULL REFERENCES hosts (id),
    host          TEXT NOT NULL,
    port          INTEGER NOT NULL,
    tls_mode      TEXT NOT NULL,
    tls_ca        TEXT NOT NULL,
    database_name TEXT NOT NULL,
    epoch         BIGINT NOT NULL,
    login_epoch   BIGINT NOT NULL,
    state         TEXT NOT NULL,
    patience_ms   BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    PRIMARY KEY (project_id, tenant, blueprint),
    FOREIGN KEY (project_id, tenant, blueprint)
        REFERENCES tenant_databases (project_id, tenant, blueprint) ON DELETE CASCADE
);
CREATE INDEX routes_of_host ON routes (admin_host_id);

CREATE TABLE backend_logins (
    project_id TEXT NOT NULL,
    blueprint  TEXT NOT NULL,
    tenant     TEXT NOT NULL,
    role       TEXT NOT NULL,
    epoch      BIGINT NOT NULL,
    username   TEXT NOT NULL UNIQUE,
    password   TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, tenant, blueprint, epoch, role),
    FOREIGN KEY (project_id, tenant, blueprint)
        REFERENCES tenant_databases (project_id, tenant, blueprint) ON DELETE CASCADE
);

-- The journal. It outlives tenants, so it refers to nothing.
CREATE TABLE operations (
    id         TEXT PRIMARY KEY,
    type       TEXT NOT NULL,
    project_id TEXT NOT NULL,
    tenant     TEXT NOT NULL,
    blueprint  TEXT NOT NULL,
    state      TEXT NOT NULL,
    progress   INTEGER NOT NULL,
    error      TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE INDEX operations_by_time ON operations (project_id, started_at);
CREATE INDEX operations_of_tenant ON operations (project_id, tenant, started_at);
CREATE UNIQUE INDEX operations_one_for_each_tenant ON operations (project_id, tenant) WHERE state = 'running';

CREATE TABLE operation_steps (
    operation_id TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
    ordinal      INTEGER NOT NULL,
    name         TEXT NOT NULL,
    started_at   BIGINT NOT NULL,
    ended_at     BIGINT,
    detail       TEXT NOT NULL,
    PRIMARY KEY (operation_id, ordinal)
);

-- What a flip needs to be undone or gone on with. fencing is 1 from before the first statement of the fence.
CREATE TABLE cutovers (
    operation_id       TEXT PRIMARY KEY REFERENCES operations (id) ON DELETE CASCADE,
    from_epoch         BIGINT NOT NULL,
    from_login_epoch   BIGINT NOT NULL,
    from_admin_host_id TEXT NOT NULL,
    from_host          TEXT NOT NULL,
    from_port          INTEGER NOT NULL,
    from_tls_mode      TEXT NOT NULL,
    from_tls_ca        TEXT NOT NULL,
    to_login_epoch     BIGINT NOT NULL,
    to_host_id         TEXT NOT NULL,
    to_admin_host_id   TEXT NOT NULL,
    to_host            TEXT NOT NULL,
    to_port            INTEGER NOT NULL,
    to_tls_mode        TEXT NOT NULL,
    to_tls_ca          TEXT NOT NULL,
    fencing            INTEGER NOT NULL
);
