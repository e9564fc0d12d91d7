-- The highest number that a version of the blueprint has had: one that was taken back is not given again.
ALTER TABLE blueprints ADD COLUMN last_version INTEGER NOT NULL DEFAULT 0;
UPDATE blueprints SET last_version = (SELECT coalesce(max(v.version), 0) FROM blueprint_versions v
    WHERE v.project_id = blueprints.project_id AND v.blueprint = blueprints.name);
