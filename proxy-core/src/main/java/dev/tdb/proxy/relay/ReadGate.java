package dev.tdb.proxy.relay;

import io.netty.channel.ChannelConfig;
import java.util.EnumSet;

/**
 * Whether a channel is read. Reading is shut for reasons; it goes on when none is left. Belongs to the channel's event
 * loop. Shutting it does not unread what was decoded already.
 */
public final class ReadGate {
    /** Why a channel is not read. */
    public enum Reason {
        /** The other side of the session takes no more bytes. */
        PEER_FULL,
        /** The session's state does not read: it waits for somebody else. */
        STATE,
        /** As many replies are outstanding as may. */
        PIPELINE_FULL
    }

    private final ChannelConfig config;
    private final EnumSet<Reason> standing = EnumSet.noneOf(Reason.class);

    public ReadGate(ChannelConfig config) {
        this.config = config;
    }

    public void shut(Reason reason) {
        if (standing.add(reason)) {
            config.setAutoRead(false);
        }
    }

    public void open(Reason reason) {
        if (standing.remove(reason) && standing.isEmpty()) {
            config.setAutoRead(true);
        }
    }

    /** Takes back every reason. */
    public void openAll() {
        if (!standing.isEmpty()) {
            standing.clear();
            config.setAutoRead(true);
        }
    }

    public boolean isOpen() {
        return standing.isEmpty();
    }
}
