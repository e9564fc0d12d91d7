package dev.tdb.app;

import dev.tdb.control.plane.SessionDirectory;
import dev.tdb.control.plane.SessionView;
import dev.tdb.proxy.frontend.SessionInfo;
import dev.tdb.proxy.listen.ProxyNode;
import dev.tdb.proxy.route.ServerAddress;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** The sessions of this process' data path, as the API shows them. */
final class NodeSessions implements SessionDirectory {
    private final ProxyNode node;

    NodeSessions(ProxyNode node) {
        this.node = node;
    }

    @Override
    public List<SessionView> list() {
        try {
            return node.sessions().orTimeout(5, TimeUnit.SECONDS).join().stream()
                    .map(NodeSessions::view)
                    .toList();
        } catch (CompletionException | CancellationException fault) {
            throw new IllegalStateException("the event loops did not answer", fault);
        }
    }

    private static SessionView view(SessionInfo session) {
        return new SessionView(
                Integer.toString(session.number()),
                session.route().project().value(),
                session.route().database().toString(),
                session.route().engine().title(),
                session.client(),
                session.credential(),
                session.state(),
                session.server().map(ServerAddress::toString).orElse(""),
                session.since());
    }

    @Override
    public boolean end(String id) {
        return id.matches("[0-9]{1,9}") && node.endSession(Integer.parseInt(id), "an operator ended the session");
    }
}
