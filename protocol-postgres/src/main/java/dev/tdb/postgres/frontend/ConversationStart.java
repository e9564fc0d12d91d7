package dev.tdb.postgres.frontend;

import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.Conversation;
import dev.tdb.proxy.frontend.SessionPort;

/** How the conversation of a client that was let in begins. */
@FunctionalInterface
public interface ConversationStart {
    /** @param cancelSecret what the client will be given to cancel with: 4 bytes, or 32 from protocol 3.2 on */
    Conversation begin(SessionPort port, SessionStart start, Secret cancelSecret);
}
