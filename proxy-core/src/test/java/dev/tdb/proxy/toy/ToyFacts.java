package dev.tdb.proxy.toy;

import dev.tdb.proxy.backend.LinkFacts;

/** What a toy server said of itself. */
public record ToyFacts(String server, int connection) implements LinkFacts {}
