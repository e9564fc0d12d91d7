package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.HandshakeResponse41;
import dev.tdb.proxy.credential.Candidates;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.CredentialBook.ProjectCredentials;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.route.DatabaseName;
import java.time.Instant;
import java.util.Optional;

/** A client that has said who it is and has yet to prove it. */
record Applicant(HandshakeResponse41 response, Candidates candidates) {
    private static final int USER_CHARS_MAX = 63;

    static Applicant of(HandshakeResponse41 response, CredentialBook book, Instant now) {
        String user = response.user();
        Optional<ProjectCredentials> project =
                user.isEmpty() || user.length() > USER_CHARS_MAX ? Optional.empty() : book.project(new ProjectId(user));
        Optional<DatabaseName> name = DatabaseName.parse(response.database());
        Candidates candidates = project.isPresent() && name.isPresent()
                ? Candidates.of(
                        project.get(), name.get().blueprint(), name.get().tenant(), now)
                : Candidates.none();
        return new Applicant(response, candidates);
    }

    /** Whether some password of the project was stored before what mysql_native_password needs was kept. */
    boolean needsSha256() {
        return candidates.covering().stream()
                .anyMatch(credential -> credential.doubleSha1().length() == 0);
    }
}
