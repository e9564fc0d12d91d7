package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.LinkPool;
import dev.tdb.proxy.relay.HeldBytes;
import dev.tdb.proxy.relay.KeptBytes;
import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;

/**
 * What the sessions of one protocol on one event loop share; the bounds are shared by all protocols. Belongs to the loop.
 *
 * @param workers for what takes too long for the loop
 */
public record FrontendLoop(
        EventLoop loop, LinkPool links, Executor workers, HeldBytes heldBytes, KeptBytes keptBytes) {}
