package dev.tdb.mysql.frontend;

import dev.tdb.mysql.message.HandshakeResponse41;
import dev.tdb.proxy.credential.Candidates;
import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.CredentialBook.ProjectCredentials;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.frontend.ClientHandshake.Actions;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import java.time.Instant;
import java.util.Optional;

/** A client that has said who it is and has yet to prove it. */
record Applicant(HandshakeResponse41 response, Candidates candidates) {
    private static final int USER_CHARS_MAX = 63;

    static Applicant of(HandshakeResponse41 response, CredentialBook book, Instant now) {
        String user = response.user();
        Optional<ProjectCredentials> project =
                user.isEmpty() || user.length() > USER_CHARS_MAX ? Optional.empty() : book.project(new ProjectId(user));
        return new Applicant(
                response,
                project.map(it -> candidates(it, response.database(), now)).orElseGet(Candidates::none));
    }

    private static Candidates candidates(ProjectCredentials project, String database, Instant now) {
        return database.isEmpty()
                ? Candidates.ofAnyDatabase(project, now)
                : DatabaseName.parse(database)
                        .map(name -> Candidates.of(project, name.blueprint(), name.tenant(), now))
                        .orElseGet(Candidates::none);
    }

    /** Where {@code credential} leads: to the database that the client said, or to none on a server of some. */
    Optional<Place> place(Credential credential, Actions actions) {
        return DatabaseName.parse(response.database())
                .map(database -> new RouteKey(Engine.MYSQL, credential.project(), database))
                .or(() -> actions.anyRoute(credential))
                .map(route -> new Place(route, credential, !response.database().isEmpty()));
    }

    /** Whether some password of the project was stored before what mysql_native_password needs was kept. */
    boolean needsSha256() {
        return candidates.covering().stream()
                .anyMatch(credential -> credential.doubleSha1().length() == 0);
    }
}
