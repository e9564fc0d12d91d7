package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.LinkPool;
import dev.tdb.proxy.relay.HeldBytes;
import dev.tdb.proxy.relay.KeptBytes;
import io.netty.channel.EventLoop;

/**
 * What the sessions of one protocol on one event loop share; the bounds are shared by all protocols. Belongs to the loop.
 */
public record FrontendLoop(EventLoop loop, LinkPool links, HeldBytes heldBytes, KeptBytes keptBytes) {}
