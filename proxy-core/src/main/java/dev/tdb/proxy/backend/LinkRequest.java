package dev.tdb.proxy.backend;

/** Who waits for a link. Answered once, on the event loop, never before {@link LinkPool#lease} has returned. */
public interface LinkRequest {
    /** The link is the caller's: it must call {@link Link#lendTo} before the next event of the loop. */
    void onLink(Link link);

    void onFailure(LinkFailure failure);

    /** Whether somebody still waits; nobody dials for one who left, and who left is not answered. */
    default boolean isWanted() {
        return true;
    }
}
