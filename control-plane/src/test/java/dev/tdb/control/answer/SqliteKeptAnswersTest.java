package dev.tdb.control.answer;

import dev.tdb.control.store.StoreSettings;

class SqliteKeptAnswersTest extends KeptAnswersContract {
    @Override
    StoreSettings settings() {
        return StoreSettings.sqlite(directory.resolve("control.db"));
    }
}
