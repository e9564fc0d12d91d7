package dev.tdb.proxy.frontend;

import dev.tdb.proxy.backend.Link;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.refusal.Refusal;
import java.util.Optional;

/** What can happen to a session besides bytes. */
sealed interface FrontendEvent {
    /** The client proved who it is. */
    record LoggedIn(Login login) implements FrontendEvent {}

    /** The link that was asked for. */
    record LinkOpened(Link link) implements FrontendEvent {}

    record LinkRefused(LinkFailure failure) implements FrontendEvent {}

    /** The connection to the server is gone. */
    record LinkLost() implements FrontendEvent {}

    /** The server was asked what the session has built up; empty when it did not answer. */
    record DescriptionCame(Optional<Described> described) implements FrontendEvent {}

    /** State was built up on a new link: empty when the server did not answer, else what the protocol says. */
    record ReplayCame(Optional<Optional<String>> outcome) implements FrontendEvent {}

    /** The server was heard out, or did not answer; then the link is of no use any more. */
    record HeardOut(boolean stands) implements FrontendEvent {}

    record HoldBegan() implements FrontendEvent {}

    record HoldEnded() implements FrontendEvent {}

    /** The route leads to another target now; the hold still stands. */
    record RouteSwitched() implements FrontendEvent {}

    /** The state's own time is up. */
    record DeadlinePassed() implements FrontendEvent {}

    /** The client wants its unit cancelled; {@code done} runs when that was passed on, or is pointless. */
    record CancelAsked(Runnable done) implements FrontendEvent {}

    /** Somebody wants to know whether the session could move. */
    record SurveyAsked(Runnable then) implements FrontendEvent {}

    /** Nothing of the route is in flight: {@code then} runs when the client has what was published to it until now. */
    record HearOutAsked(Runnable then) implements FrontendEvent {}

    /** Say so and end, as soon as that can be said. */
    record EndAsked(Refusal refusal) implements FrontendEvent {}

    /** Say so and end at the next safe point. */
    record EndAtSafePointAsked(Refusal refusal) implements FrontendEvent {}

    record ClientGone() implements FrontendEvent {}
}
