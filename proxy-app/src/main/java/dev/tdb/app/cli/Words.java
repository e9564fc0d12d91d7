package dev.tdb.app.cli;

import java.util.Iterator;
import java.util.List;

/** The words that options take, for shells that complete them. */
final class Words {
    private Words() {}

    /** Of a key. */
    static final class Roles implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("read", "write", "admin").iterator();
        }
    }

    /** Of a key. */
    static final class ScopeTypes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("project", "blueprint", "tenant").iterator();
        }
    }

    /** Of databases. */
    static final class Engines implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("postgres", "mysql", "mongodb", "redis").iterator();
        }
    }

    /** Of isolation: shared, dedicated. */
    static final class Levels implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("1", "2").iterator();
        }
    }

    /** How a host is reached. */
    static final class TlsModes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("disable", "prefer", "require", "verify-ca", "verify-full")
                    .iterator();
        }
    }

    /** Of a host. */
    static final class HostStates implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("ready", "draining").iterator();
        }
    }

    /** What becomes of a flip that takes too long. */
    static final class Deadlines implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("abort", "kill").iterator();
        }
    }

    /** Of entries in the query log. */
    static final class LogTypes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("error", "slow").iterator();
        }
    }

    /** Where a query came in. */
    static final class Sources implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("proxy", "api").iterator();
        }
    }

    /** How far back. */
    static final class Spans implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("1h", "24h", "7d", "30d").iterator();
        }
    }
}
