package dev.tdb.control.tenant;

import dev.tdb.control.store.StoreSettings;

class SqliteLifecycleTest extends LifecycleContract {
    @Override
    StoreSettings store() {
        return StoreSettings.sqlite(directory.resolve("control.db"));
    }
}
