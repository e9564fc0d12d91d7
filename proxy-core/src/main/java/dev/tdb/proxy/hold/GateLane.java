package dev.tdb.proxy.hold;

import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.RouteKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * One event loop's side of a route's gate. Admission is one read of {@link #isHolding()}; all the rest happens when a
 * hold begins or ends. Belongs to the loop.
 *
 * <pre>
 *   open ──apply(holding)──► every member is told, settles ──► and on all other loops: subscribers hear the server out
 *    ▲                            │ route switched: old links go, subscribers move
 *    └──apply(open): parked members first, in their order of arrival
 * </pre>
 */
public final class GateLane {
    private final RouteKey key;
    private final Set<Holdable> members = new LinkedHashSet<>();
    private final Set<Holdable> parked = new LinkedHashSet<>();
    private final Set<Holdable> unsettled = new LinkedHashSet<>();
    private final Set<Holdable> resuming = new LinkedHashSet<>();
    private final List<CompletableFuture<Void>> awaitingSettled = new ArrayList<>();
    private final List<CompletableFuture<Void>> awaitingSwitch = new ArrayList<>();
    private final List<CompletableFuture<Released>> awaitingRelease = new ArrayList<>();
    private final Set<Holdable> switching = new LinkedHashSet<>();
    private final Set<Holdable> movedAtSwitch = new LinkedHashSet<>();
    private GateView view;
    private Released tally = Released.none();

    GateLane(RouteKey key, GateView view) {
        this.key = key;
        this.view = view;
    }

    public RouteKey key() {
        return key;
    }

    /** Whether a unit has to wait. */
    public boolean isHolding() {
        return view.holding();
    }

    /** How long units wait, while {@link #isHolding()}. */
    public HoldTerms terms() {
        return view.terms();
    }

    // ---- called by sessions

    /** A session of this route is there. While a hold stands it must be settled: it has nothing in flight yet. */
    public void join(Holdable member) {
        members.add(member);
        if (isHolding() && !member.isSettled()) {
            unsettled.add(member);
        }
    }

    /** Something of the session waits, or no longer. */
    public void parked(Holdable member, boolean waiting) {
        if (waiting) {
            parked.add(member);
        } else {
            parked.remove(member);
        }
    }

    /** During a hold: the session has nothing in flight any more, and is described. */
    public void settled(Holdable member) {
        unsettled.remove(member);
        if (switching.remove(member)) {
            movedAtSwitch.add(member);
        }
        completeWaiters();
    }

    /** After a hold: the session goes on. */
    public void resumed(Holdable member, boolean onNewLink) {
        if (resuming.remove(member)) {
            boolean moved = movedAtSwitch.remove(member) || onNewLink;
            tally = tally.plus(new Released(0, moved ? 1 : 0, moved ? 0 : 1, Map.of()));
        }
        completeWaiters();
    }

    /**
     * The session ends.
     *
     * @param reason a label when the hold or the move ended it; empty otherwise
     */
    public void leave(Holdable member, String reason) {
        if (!members.remove(member)) {
            return;
        }
        parked.remove(member);
        unsettled.remove(member);
        switching.remove(member);
        movedAtSwitch.remove(member);
        boolean counts = resuming.remove(member) || isHolding();
        if (counts && !reason.isEmpty()) {
            tally = tally.plus(new Released(0, 0, 0, Map.of(reason, 1)));
        }
        completeWaiters();
    }

    // ---- called by the gate, on the loop

    /** Whether it may be forgotten. What a hold has done so far is asked for at its end, and kept until then. */
    boolean isUnused() {
        boolean accountIsOpen = isHolding() && !tally.equals(Released.none());
        return members.isEmpty()
                && !accountIsOpen
                && awaitingSettled.isEmpty()
                && awaitingSwitch.isEmpty()
                && awaitingRelease.isEmpty();
    }

    void apply(GateView next) {
        boolean was = view.holding();
        view = next;
        if (next.holding()) {
            if (!was) {
                // Who did not go on yet is held again: the former release can say no more of it.
                resuming.clear();
                movedAtSwitch.clear();
                completeWaiters();
                tally = Released.none();
                members.stream().filter(member -> !member.isSettled()).forEach(unsettled::add);
            }
            // When a hold stood already its terms may be others now.
            List.copyOf(members).forEach(Holdable::holdBegan);
        } else if (was) {
            unsettled.clear();
            switching.clear();
            tally = tally.plus(new Released(parked.size(), 0, 0, Map.of()));
            List<Holdable> order = new ArrayList<>(parked);
            members.stream().filter(member -> !parked.contains(member)).forEach(order::add);
            resuming.addAll(order);
            order.forEach(Holdable::holdEnded);
        }
        completeWaiters();
    }

    void whenSettled(CompletableFuture<Void> settled) {
        awaitingSettled.add(settled);
        completeWaiters();
    }

    void routeSwitched(CompletableFuture<Void> switched) {
        awaitingSwitch.add(switched);
        for (Holdable member : List.copyOf(members)) {
            member.routeSwitched();
            if (isHolding() && members.contains(member) && !member.isSettled()) {
                switching.add(member);
            }
        }
        completeWaiters();
    }

    void whenReleased(CompletableFuture<Released> released) {
        awaitingRelease.add(released);
        completeWaiters();
    }

    int kill(Refusal refusal) {
        List<Holdable> stragglers = List.copyOf(unsettled);
        stragglers.forEach(member -> member.end(refusal));
        return stragglers.size();
    }

    List<Holdable> members() {
        return List.copyOf(members);
    }

    HoldStatus status() {
        int inFlight = 0;
        int held = 0;
        long heldBytes = 0;
        Map<String, Integer> unmovable = new HashMap<>();
        for (Holdable member : members) {
            inFlight += member.isInFlight() ? 1 : 0;
            held += member.isParked() ? 1 : 0;
            heldBytes += member.parkedBytes();
            if (!member.unmovableReason().isEmpty()) {
                unmovable.merge(member.unmovableReason(), 1, Integer::sum);
            }
        }
        return new HoldStatus(members.size(), inFlight, held, heldBytes, unmovable);
    }

    private void completeWaiters() {
        if (unsettled.isEmpty()) {
            List.copyOf(awaitingSettled).forEach(settled -> settled.complete(null));
            awaitingSettled.clear();
        }
        if (switching.isEmpty()) {
            List.copyOf(awaitingSwitch).forEach(switched -> switched.complete(null));
            awaitingSwitch.clear();
        }
        if (resuming.isEmpty()) {
            List.copyOf(awaitingRelease).forEach(released -> released.complete(tally));
            awaitingRelease.clear();
        }
    }
}
