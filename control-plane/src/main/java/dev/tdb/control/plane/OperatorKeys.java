package dev.tdb.control.plane;

import dev.tdb.control.key.KeyMaker;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.proxy.credential.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/** The operator's key, for who has the control database at hand and no key: it is lost, or somebody has it who should not. */
public final class OperatorKeys {
    private OperatorKeys() {}

    /**
     * Makes a new one; those of before work for {@code overlap}. A tdb that runs knows it at once.
     *
     * @param show is given the key before it is kept, so that none is kept that nobody has seen
     */
    public static void rotate(StoreSettings settings, Duration overlap, Consumer<Secret> show) {
        try (StateStore store = StateStore.open(settings)) {
            store.write(tables -> {
                show.accept(
                        KeyMaker.rotateOperator(tables, InstantSource.system().millis(), overlap));
                return tables;
            });
        }
    }
}
