package dev.tdb.admin.resource;

/**
 * How one part of the node is.
 *
 * @param needed without it the node cannot serve; without another part it only serves worse
 * @param wrong in words; empty when nothing is
 */
public record Readiness(String part, boolean needed, String wrong) {
    boolean ready() {
        return wrong.isEmpty();
    }
}
