-- How long queries of a suspended tenant wait, unless the suspension says it.
ALTER TABLE blueprints ADD COLUMN patience_ms BIGINT NOT NULL DEFAULT 30000;
