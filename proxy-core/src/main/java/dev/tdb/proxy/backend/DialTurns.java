package dev.tdb.proxy.backend;

import dev.tdb.proxy.route.ServerAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose dial is next. Servers take turns, and each has a bound of its own: one that does not answer delays those who wait
 * for it, and nobody else. Belongs to the loop.
 */
final class DialTurns {
    /** A server whose last dial failed is tried by this part of its dials, until one succeeds. */
    private static final int FAILING_SHARE = 8;

    /** A connection that somebody waits for. */
    interface Dial {
        boolean isWanted();

        /** Must lead to {@link DialTurns#over}, later. */
        void begin();
    }

    /** Who waits for one server. */
    private static final class Line {
        private final ServerAddress server;
        private final ArrayDeque<Dial> waiting = new ArrayDeque<>();
        private int underWay;
        private boolean failing;
        private boolean inTurn;

        private Line(ServerAddress server) {
            this.server = server;
        }
    }

    private final int perServerMax;
    private final int totalMax;
    private final Map<ServerAddress, Line> lines = new HashMap<>();
    private final ArrayDeque<Line> turns = new ArrayDeque<>();
    private int underWay;

    DialTurns(int perServerMax, int totalMax) {
        this.perServerMax = perServerMax;
        this.totalMax = totalMax;
    }

    void add(ServerAddress server, Dial dial) {
        Line line = lines.computeIfAbsent(server, Line::new);
        line.waiting.add(dial);
        takeTurn(line);
    }

    /** One that was begun is over: {@code reached} when the server took it. */
    void over(ServerAddress server, boolean reached) {
        Line line = lines.get(server);
        if (line == null || line.underWay == 0) {
            throw new IllegalStateException("no dial to " + server + " is under way");
        }
        underWay--;
        line.underWay--;
        line.failing = !reached;
        takeTurn(line);
        forgetUnused(line);
    }

    /** Begins those that may. */
    void next() {
        while (underWay < totalMax && !turns.isEmpty()) {
            Line line = turns.poll();
            line.inTurn = false;
            Dial dial = firstWanted(line);
            if (dial == null) {
                forgetUnused(line);
            } else {
                underWay++;
                line.underWay++;
                takeTurn(line);
                dial.begin();
            }
        }
    }

    private static @Nullable Dial firstWanted(Line line) {
        Dial dial = line.waiting.poll();
        while (dial != null && !dial.isWanted()) {
            dial = line.waiting.poll();
        }
        return dial;
    }

    /** Behind the others, if one more of its own may begin. */
    private void takeTurn(Line line) {
        int max = line.failing ? Math.max(1, perServerMax / FAILING_SHARE) : perServerMax;
        if (!line.inTurn && !line.waiting.isEmpty() && line.underWay < max) {
            line.inTurn = true;
            turns.add(line);
        }
    }

    private void forgetUnused(Line line) {
        if (line.underWay == 0 && line.waiting.isEmpty()) {
            lines.remove(line.server);
        }
    }
}
