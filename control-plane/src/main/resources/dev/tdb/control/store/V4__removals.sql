-- 1 from the moment on in which what belongs to a tenant may be gone from its servers: there is no way back.
ALTER TABLE tenants ADD COLUMN removing INTEGER NOT NULL DEFAULT 0;
