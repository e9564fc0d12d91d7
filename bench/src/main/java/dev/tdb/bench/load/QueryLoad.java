package dev.tdb.bench.load;

import dev.tdb.bench.wire.Mode;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Point selects by primary key, one after the other on each of some connections.
 *
 * @param isReconnecting a new connection for each
 */
record QueryLoad(Mode mode, int clients, boolean isReconnecting, Placement placement, Driver driver) implements Load {
    /** Who sends them. */
    interface Driver {
        Outcome run(Way way, QueryLoad load, int seconds) throws IOException, InterruptedException;
    }

    /** pgbench where there is one and it is for that product, else the driver of this module. */
    static Driver bestDriver(Product product, Path folder, int scale) {
        return Program.find("pgbench")
                .filter(_ -> product == Product.POSTGRES)
                .<Driver>map(pgbench -> new Pgbench(pgbench, folder))
                .orElseGet(() -> new OwnDriver(scale));
    }

    @Override
    public String name() {
        return (isReconnecting ? "connect " : "") + mode.word() + " c" + clients + " " + placement.word();
    }

    @Override
    public String unit() {
        return "tx";
    }

    @Override
    public Outcome run(Way way, int seconds) throws IOException, InterruptedException {
        return driver.run(way, this, seconds);
    }
}
