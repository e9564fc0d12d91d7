package dev.tdb.proxy.refusal;

import java.time.Duration;

/** The proxy's own "no". A server's error is not one: it passes through byte for byte. */
public sealed interface Refusal {
    /** What a person is told, in the client's own protocol. Names no other tenant, no server, no secret. */
    String sentence();

    /** Whether the connection ends with it; otherwise only the present unit of work does. */
    boolean endsConnection();

    /** One label value of the metrics, in snake_case. */
    String label();

    record BadCredentials(String user) implements Refusal {
        @Override
        public String sentence() {
            return "password authentication failed for user \"" + user + "\"";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "bad_credentials";
        }
    }

    record ScopeDenied(String database) implements Refusal {
        @Override
        public String sentence() {
            return "this password does not reach database \"" + database + "\"";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "scope_denied";
        }
    }

    record UnknownDatabase(String database) implements Refusal {
        @Override
        public String sentence() {
            return "database \"" + database + "\" does not exist";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "unknown_database";
        }
    }

    record TlsRequired() implements Refusal {
        @Override
        public String sentence() {
            return "this server accepts only TLS connections";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "tls_required";
        }
    }

    record TooManyConnections(int limit) implements Refusal {
        @Override
        public String sentence() {
            return "too many connections: the limit is " + limit;
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "too_many_connections";
        }
    }

    record RateLimited(Duration retryAfter) implements Refusal {
        @Override
        public String sentence() {
            return "too many failed logins: try again in " + Math.max(1, retryAfter.toSeconds()) + " s";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "rate_limited";
        }
    }

    record Suspended(String database) implements Refusal {
        @Override
        public String sentence() {
            return "database \"" + database + "\" is suspended: try again later";
        }

        @Override
        public boolean endsConnection() {
            return false;
        }

        @Override
        public String label() {
            return "suspended";
        }
    }

    record Provisioning(String database) implements Refusal {
        @Override
        public String sentence() {
            return "database \"" + database + "\" is being prepared: try again later";
        }

        @Override
        public boolean endsConnection() {
            return false;
        }

        @Override
        public String label() {
            return "provisioning";
        }
    }

    record Deleted(String database) implements Refusal {
        @Override
        public String sentence() {
            return "database \"" + database + "\" was deleted";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "deleted";
        }
    }

    /** @param patience how long the unit had waited */
    record HoldTimedOut(String database, Duration patience) implements Refusal {
        @Override
        public String sentence() {
            return "database \"" + database + "\" was on hold for " + patience.toMillis()
                    + " ms: the statement was not executed, try again";
        }

        @Override
        public boolean endsConnection() {
            return false;
        }

        @Override
        public String label() {
            return "hold_timed_out";
        }
    }

    record HoldOverflow(String database, long limitBytes) implements Refusal {
        @Override
        public String sentence() {
            return "database \"" + database + "\" is on hold and more than " + limitBytes
                    + " bytes wait already: the statement was not executed, try again";
        }

        @Override
        public boolean endsConnection() {
            return false;
        }

        @Override
        public String label() {
            return "hold_overflow";
        }
    }

    /** The client cancelled what was waiting. */
    record Cancelled() implements Refusal {
        @Override
        public String sentence() {
            return "canceling statement due to user request";
        }

        @Override
        public boolean endsConnection() {
            return false;
        }

        @Override
        public String label() {
            return "cancelled";
        }
    }

    record ServerUnreachable(String database) implements Refusal {
        @Override
        public String sentence() {
            return "the server of database \"" + database + "\" cannot be reached";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "server_unreachable";
        }
    }

    record ServerLost(String database) implements Refusal {
        @Override
        public String sentence() {
            return "the server of database \"" + database + "\" closed the connection";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "server_lost";
        }
    }

    /** @param reason one of the protocol's reasons, such as {@code temporary table} */
    record SessionCannotMove(String database, String reason) implements Refusal {
        @Override
        public String sentence() {
            return "terminating connection: database \"" + database + "\" moved to another server and this session"
                    + " cannot follow (" + reason + "); reconnect";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "session_cannot_move";
        }
    }

    /**
     * The client wants to go on in another database, and the session stays.
     *
     * @param reason as of {@link SessionCannotMove}
     */
    record CannotDepart(String database, String reason) implements Refusal {
        @Override
        public String sentence() {
            return "this session cannot change to database \"" + database + "\" (" + reason + "): it stays where it is";
        }

        @Override
        public boolean endsConnection() {
            return false;
        }

        @Override
        public String label() {
            return "cannot_depart";
        }
    }

    /** An operator, or the end of a credential, ended the session. */
    record Terminated(String why) implements Refusal {
        @Override
        public String sentence() {
            return "terminating connection: " + why;
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "terminated";
        }
    }

    record ShuttingDown() implements Refusal {
        @Override
        public String sentence() {
            return "terminating connection: the proxy is shutting down; reconnect";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "shutting_down";
        }
    }

    record Unsupported(String what) implements Refusal {
        @Override
        public String sentence() {
            return what + " is not supported";
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "unsupported";
        }
    }

    record ProtocolViolated(String what) implements Refusal {
        @Override
        public String sentence() {
            return "protocol violation: " + what;
        }

        @Override
        public boolean endsConnection() {
            return true;
        }

        @Override
        public String label() {
            return "protocol_violated";
        }
    }
}
