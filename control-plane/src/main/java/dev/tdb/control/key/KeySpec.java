package dev.tdb.control.key;

import dev.tdb.proxy.credential.Role;

/** What a new key shall be. */
public record KeySpec(String name, Role role, KeyScope scope) {}
