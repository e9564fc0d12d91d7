package dev.tdb.postgres.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.CredentialBook.ProjectCredentials;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Scope;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.route.DatabaseName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The passwords that a client may turn out to know. Of a user or a database that does not exist there are none; nothing
 * the client sees tells that apart from a wrong password.
 *
 * @param settings of the project, or made up for an unknown one
 * @param covering those that let it in
 * @param projectWide those that prove who it is, but reach no database over the wire
 */
record Candidates(ScramSettings settings, List<Credential> covering, List<Credential> projectWide) {
    private static final int USER_CHARS_MAX = 63;

    /** What came of trying a client's proof on every candidate. */
    sealed interface Verdict {
        record Admitted(Credential credential) implements Verdict {}

        record OutOfScope() implements Verdict {}

        record Unknown() implements Verdict {}
    }

    static Candidates of(CredentialBook book, String user, String database, Instant now) {
        Optional<ProjectCredentials> project =
                user.length() <= USER_CHARS_MAX ? book.project(new ProjectId(user)) : Optional.empty();
        Optional<DatabaseName> name = DatabaseName.parse(database);
        if (project.isEmpty()) {
            return new Candidates(book.mockSettings(user, Scram.ITERATIONS_DEFAULT), List.of(), List.of());
        }
        ScramSettings settings = project.get().scram();
        if (name.isEmpty()) {
            return new Candidates(settings, List.of(), List.of());
        }
        return new Candidates(
                settings,
                project.get().covering(name.get().blueprint(), name.get().tenant(), now),
                project.get().credentials().stream()
                        .filter(credential -> credential.isValid(now) && credential.scope() instanceof Scope.Project)
                        .toList());
    }

    /** Tries every candidate, whichever it is: how long that takes says nothing about which one fits. */
    Verdict judge(Predicate<Credential> fits) {
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
