package dev.tdb.postgres.frontend;

import dev.tdb.proxy.credential.Candidates;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.CredentialBook.ProjectCredentials;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Scram;
import dev.tdb.proxy.credential.ScramSettings;
import dev.tdb.proxy.route.DatabaseName;
import java.time.Instant;
import java.util.Optional;

/**
 * A client that has said who it is and has yet to prove it.
 *
 * @param settings of its project, or made up for an unknown one
 */
record Applicant(SessionRequest request, ScramSettings settings, Candidates candidates) {
    private static final int USER_CHARS_MAX = 63;

    static Applicant of(SessionRequest request, CredentialBook book, Instant now) {
        String user = request.user();
        Optional<ProjectCredentials> project =
                user.length() <= USER_CHARS_MAX ? book.project(new ProjectId(user)) : Optional.empty();
        Optional<DatabaseName> name = DatabaseName.parse(request.database());
        ScramSettings settings = project.map(ProjectCredentials::scram)
                .orElseGet(() -> book.mockSettings(user, Scram.ITERATIONS_DEFAULT));
        Candidates candidates = project.isPresent() && name.isPresent()
                ? Candidates.of(
                        project.get(), name.get().blueprint(), name.get().tenant(), now)
                : Candidates.none();
        return new Applicant(request, settings, candidates);
    }
}
