package dev.tdb.control.engine;

import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.route.BackendLogin;

/** A login of one epoch, and the role it stands for. */
public record TenantLogin(Role role, BackendLogin login) {}
