package dev.tdb.control.store;

class SqliteStateStoreTest extends StateStoreContract {
    @Override
    StoreSettings settings() {
        return StoreSettings.sqlite(directory.resolve("control.db"));
    }
}
