package dev.tdb.control.deployment;

import dev.tdb.control.store.StoreSettings;

class SqliteDeploymentTest extends DeploymentContract {
    @Override
    StoreSettings store() {
        return StoreSettings.sqlite(directory.resolve("control.db"));
    }
}
