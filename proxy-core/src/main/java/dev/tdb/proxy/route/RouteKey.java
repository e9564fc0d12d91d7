package dev.tdb.proxy.route;

import dev.tdb.proxy.credential.ProjectId;

/** What a route is found by. */
public record RouteKey(Engine engine, ProjectId project, DatabaseName database) {
    @Override
    public String toString() {
        return engine.word() + ":" + project + "/" + database;
    }
}
