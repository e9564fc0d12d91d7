package dev.tdb.mysql.frontend;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.RouteKey;
import java.util.Optional;

/**
 * Where a session is.
 *
 * @param isChosen whether the client chose the database; else it is on a server of one that it reaches, in none
 */
record Place(RouteKey route, Credential credential, boolean isChosen) {
    /** The name that the client knows the database by. */
    String name() {
        return route.database().toString();
    }

    /** The place of another database, if the password reaches one of that name. */
    Optional<Place> reach(String database) {
        return DatabaseName.parse(database)
                .filter(name -> credential.scope().covers(name.blueprint(), name.tenant()))
                .map(name -> new Place(new RouteKey(route.engine(), route.project(), name), credential, true));
    }
}
