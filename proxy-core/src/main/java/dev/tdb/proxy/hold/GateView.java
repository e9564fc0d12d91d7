package dev.tdb.proxy.hold;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;

/** What a gate demands at one moment: an immutable value, the same for every event loop. */
record GateView(boolean holding, HoldTerms terms) {
    static final GateView OPEN = new GateView(false, new HoldTerms(HoldTerms.Cause.CUTOVER, Duration.ZERO));

    /**
     * What several holds demand together. The route's own state wins over a cutover, since it outlasts it; among
     * cutovers the longest patience.
     */
    static GateView of(Collection<HoldTerms> standing) {
        return standing.stream()
                .max(Comparator.comparing((HoldTerms terms) -> terms.cause() != HoldTerms.Cause.CUTOVER)
                        .thenComparing(HoldTerms::patience))
                .map(terms -> new GateView(true, terms))
                .orElse(OPEN);
    }
}
