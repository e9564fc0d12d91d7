package dev.tdb.proxy.route;

import dev.tdb.proxy.credential.Secret;

/** The name and password with which tdb itself logs in to a server: one for each tenant, role and epoch. */
public record BackendLogin(String user, Secret password) {}
