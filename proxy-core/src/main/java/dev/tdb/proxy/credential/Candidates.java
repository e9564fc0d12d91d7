package dev.tdb.proxy.credential;

import dev.tdb.proxy.credential.CredentialBook.ProjectCredentials;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/**
 * The passwords that a client may turn out to know. Of a user or a database that does not exist there are none; nothing
 * the client sees tells that apart from a wrong password.
 *
 * @param covering those that let it in
 * @param projectWide those that prove who it is, but reach no database over the wire
 */
public record Candidates(List<Credential> covering, List<Credential> projectWide) {
    /** What came of trying a client's proof on every candidate. */
    public sealed interface Verdict {
        record Admitted(Credential credential) implements Verdict {}

        record OutOfScope() implements Verdict {}

        record Unknown() implements Verdict {}
    }

    public Candidates {
        covering = List.copyOf(covering);
        projectWide = List.copyOf(projectWide);
    }

    public static Candidates none() {
        return new Candidates(List.of(), List.of());
    }

    public static Candidates of(ProjectCredentials project, String blueprint, String tenant, Instant now) {
        return new Candidates(
                project.covering(blueprint, tenant, now),
                project.credentials().stream()
                        .filter(credential -> credential.isValid(now) && credential.scope() instanceof Scope.Project)
                        .toList());
    }

    /** For a client that says no database yet: whoever reaches some. */
    public static Candidates ofAnyDatabase(ProjectCredentials project, Instant now) {
        List<Credential> valid = project.credentials().stream()
                .filter(credential -> credential.isValid(now))
                .toList();
        return new Candidates(
                valid.stream()
                        .filter(credential -> !(credential.scope() instanceof Scope.Project))
                        .toList(),
                valid.stream()
                        .filter(credential -> credential.scope() instanceof Scope.Project)
                        .toList());
    }

    /** Tries every candidate, whichever it is: how long that takes says nothing about which one fits. */
    public Verdict judge(Predicate<Credential> fits) {
        Verdict verdict = new Verdict.Unknown();
        for (Credential credential : projectWide) {
            if (fits.test(credential)) {
                verdict = new Verdict.OutOfScope();
            }
        }
        for (Credential credential : covering.reversed()) {
            if (fits.test(credential)) {
                verdict = new Verdict.Admitted(credential); // of several the oldest
            }
        }
        return verdict;
    }
}
