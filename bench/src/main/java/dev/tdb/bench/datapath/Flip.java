package dev.tdb.bench.datapath;

import dev.tdb.proxy.hold.Hold;
import dev.tdb.proxy.hold.HoldTerms;
import dev.tdb.proxy.hold.Released;
import dev.tdb.proxy.listen.ProxyNode;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A route flip as the control plane does it, without its journal and its fence: both addresses are one server. */
final class Flip {
    private static final HoldTerms TERMS = new HoldTerms(HoldTerms.Cause.CUTOVER, Duration.ofSeconds(10));
    private static final long PATIENCE_SECONDS = 10;

    private final ProxyNode node;
    private final Settings settings;
    private int flips;

    Flip(ProxyNode node, Settings settings) {
        this.node = node;
        this.settings = settings;
    }

    /** @return the milliseconds of each step, and what became of the sessions */
    String run() throws InterruptedException, ExecutionException, TimeoutException {
        long asked = System.nanoTime();
        node.prepare(StaticBook.routes(settings, flips + 1)
                        .find(StaticBook.key(settings.engine()))
                        .orElseThrow())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long began = System.nanoTime();
        Hold hold = node.hold(StaticBook.key(settings.engine()), TERMS);
        hold.acknowledged().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long acknowledged = System.nanoTime();
        hold.drained().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long drained = System.nanoTime();
        flips++;
        node.publish(StaticBook.routes(settings, flips)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        hold.switched().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long switched = System.nanoTime();
        Released released = hold.release().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        long ended = System.nanoTime();
        return String.format(
                Locale.ROOT,
                "prepare %.2f hold %.2f drain %.2f switch %.2f release %.2f held %d moved %d stayed %d closed %s",
                (began - asked) / 1e6,
                (acknowledged - began) / 1e6,
                (drained - acknowledged) / 1e6,
                (switched - drained) / 1e6,
                (ended - switched) / 1e6,
                released.held(),
                released.moved(),
                released.stayed(),
                released.closedByReason());
    }
}
