package dev.tdb.it;

import dev.tdb.postgres.PostgresProtocol;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.refusal.NativeErrors;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.testkit.contract.Dialect;
import dev.tdb.testkit.contract.RawClient;
import dev.tdb.testkit.contract.Unit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** The contracts in PostgreSQL's words. A trace is a row of table {@code trace}. */
final class PostgresDialect implements Dialect {
    private static final String INSERT = "INSERT INTO trace (number) VALUES ($1)";

    @Override
    public WireProtocol protocol() {
        return new PostgresProtocol();
    }

    @Override
    public String code(Refusal refusal) {
        return NativeErrors.of(refusal).sqlState();
    }

    @Override
    public String cancelledCode() {
        return "57014";
    }

    @Override
    public Unit trace(int number) {
        return Unit.of(PostgresMessages.query(insert(number))).leaving(number);
    }

    /** Simple and extended queries, prepared statements, several of each under one Sync, COPY, and a transaction. */
    @Override
    public List<Unit> pipeline(int first) {
        return List.of(
                trace(first),
                Unit.of(
                                PostgresMessages.parse("", INSERT),
                                PostgresMessages.bind("", first + 1),
                                PostgresMessages.describePortal(),
                                PostgresMessages.execute(),
                                PostgresMessages.sync())
                        .leaving(first + 1),
                Unit.of(
                        PostgresMessages.parse("kept", INSERT),
                        PostgresMessages.describeStatement("kept"),
                        PostgresMessages.sync()),
                Unit.of(
                                PostgresMessages.bind("kept", first + 2),
                                PostgresMessages.execute(),
                                PostgresMessages.bind("kept", first + 3),
                                PostgresMessages.execute(),
                                PostgresMessages.sync())
                        .leaving(first + 2, first + 3),
                Unit.of(PostgresMessages.closeStatement("kept"), PostgresMessages.sync()),
                Unit.of(
                                PostgresMessages.parse("", INSERT),
                                PostgresMessages.flush(),
                                PostgresMessages.bind("", first + 4),
                                PostgresMessages.execute(),
                                PostgresMessages.flush(),
                                PostgresMessages.sync())
                        .leaving(first + 4),
                Unit.of(PostgresMessages.query(insert(first + 5) + "; " + insert(first + 6)))
                        .leaving(first + 5, first + 6),
                Unit.of(
                                PostgresMessages.query("COPY trace (number) FROM STDIN"),
                                PostgresMessages.copyData((first + 7) + "\n"),
                                PostgresMessages.copyData((first + 8) + "\n"),
                                PostgresMessages.copyDone())
                        .leaving(first + 7, first + 8),
                Unit.of(
                                PostgresMessages.query("BEGIN"),
                                PostgresMessages.query(insert(first + 9)),
                                PostgresMessages.query("COMMIT"))
                        .leaving(first + 9)
                        .answered(3),
                ask());
    }

    @Override
    public Unit ask() {
        return Unit.of(PostgresMessages.query("SELECT 1"));
    }

    @Override
    public Optional<Unit> ping() {
        return Optional.of(Unit.of(PostgresMessages.query("")));
    }

    @Override
    public Unit longReply(int bytes) {
        int rows = bytes / 1000 + 1;
        return Unit.of(PostgresMessages.query("SELECT repeat('x', 1000) FROM generate_series(1, " + rows + ")"));
    }

    @Override
    public Unit longRequest(int bytes) {
        return Unit.of(PostgresMessages.query("SELECT length('" + "x".repeat(bytes) + "')"));
    }

    @Override
    public Unit slow() {
        return Unit.of(PostgresMessages.query("SELECT pg_sleep(60)"));
    }

    @Override
    public Unit begin() {
        return Unit.of(PostgresMessages.query("BEGIN"));
    }

    @Override
    public Unit traceInTransaction(int number) {
        return trace(number);
    }

    @Override
    public Unit commit() {
        return Unit.of(PostgresMessages.query("COMMIT"));
    }

    @Override
    public RawClient dial(InetSocketAddress proxy) throws IOException {
        return PostgresRawClient.dial(proxy);
    }

    private static String insert(int number) {
        return "INSERT INTO trace (number) VALUES (" + number + ")";
    }
}
