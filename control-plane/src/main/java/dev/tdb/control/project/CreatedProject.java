package dev.tdb.control.project;

import dev.tdb.proxy.credential.Secret;

/**
 * A new project with its first key.
 *
 * @param apiKey an admin key of project scope; shown once, kept nowhere
 */
public record CreatedProject(Project project, Secret apiKey) {}
