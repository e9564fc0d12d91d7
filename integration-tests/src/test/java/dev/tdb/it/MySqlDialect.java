package dev.tdb.it;

import dev.tdb.mysql.MySqlFlavour;
import dev.tdb.mysql.MySqlProtocol;
import dev.tdb.proxy.frontend.WireProtocol;
import dev.tdb.proxy.refusal.NativeErrors;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.testkit.contract.Dialect;
import dev.tdb.testkit.contract.RawClient;
import dev.tdb.testkit.contract.Unit;
import dev.tdb.testkit.wire.Bytes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The contracts in MySQL's words. A trace is a row of table {@code trace}. */
record MySqlDialect(MySqlFlavour flavour) implements Dialect {
    private static final String INSERT = "INSERT INTO trace (number) VALUES (?)";
    /** What MariaDB calls the statement that was prepared last. */
    private static final int LAST = -1;

    @Override
    public WireProtocol protocol() {
        return new MySqlProtocol(flavour);
    }

    @Override
    public String code(Refusal refusal) {
        return Integer.toString(NativeErrors.of(refusal).mysqlErrno());
    }

    @Override
    public String cancelledCode() {
        return "1317";
    }

    @Override
    public Unit trace(int number) {
        return Unit.of(MySqlMessages.query(insert(number))).leaving(number);
    }

    /** Texts, several in one, a transaction; where ids need not be waited for, statements that are prepared. */
    @Override
    public List<Unit> pipeline(int first) {
        List<Unit> units = new ArrayList<>(List.of(
                trace(first),
                Unit.of(MySqlMessages.query(insert(first + 1) + "; SELECT 1; " + insert(first + 2)))
                        .leaving(first + 1, first + 2),
                Unit.of(
                                MySqlMessages.query("BEGIN"),
                                MySqlMessages.query(insert(first + 3)),
                                MySqlMessages.query("COMMIT"))
                        .leaving(first + 3)
                        .answered(3),
                Unit.of(MySqlMessages.command(MySqlMessages.PING)),
                trace(first + 4)));
        if (flavour == MySqlFlavour.MARIADB) {
            units.add(Unit.of(MySqlMessages.prepare(INSERT)));
            units.add(Unit.of(MySqlMessages.execute(LAST, first + 5)).leaving(first + 5));
            units.add(Unit.of(MySqlMessages.execute(LAST, first + 6)).leaving(first + 6));
            // What has no reply is no unit of its own: it goes with one that has, in one piece.
            units.add(Unit.of(Bytes.concat(List.of(
                    MySqlMessages.aboutStatement(MySqlMessages.STMT_CLOSE, LAST),
                    MySqlMessages.command(MySqlMessages.PING)))));
        }
        units.add(ask());
        return units;
    }

    @Override
    public Unit ask() {
        return Unit.of(MySqlMessages.query("SELECT 1"));
    }

    @Override
    public Optional<Unit> ping() {
        return Optional.of(Unit.of(MySqlMessages.command(MySqlMessages.PING)));
    }

    @Override
    public Unit longReply(int bytes) {
        int rows = bytes / 1000 + 1;
        return Unit.of(MySqlMessages.query("SELECT REPEAT('x', 1000) FROM filler a, filler b LIMIT " + rows));
    }

    @Override
    public Unit longRequest(int bytes) {
        return Unit.of(MySqlMessages.query("SELECT LENGTH('" + "x".repeat(bytes) + "')"));
    }

    /** Of two rows, so that it fails when it is cut short: alone, MySQL's SLEEP() just returns earlier then. */
    @Override
    public Unit slow() {
        return Unit.of(MySqlMessages.query("SELECT SLEEP(30) FROM filler LIMIT 2"));
    }

    @Override
    public Unit begin() {
        return Unit.of(MySqlMessages.query("BEGIN"));
    }

    @Override
    public Unit traceInTransaction(int number) {
        return trace(number);
    }

    @Override
    public Unit commit() {
        return Unit.of(MySqlMessages.query("COMMIT"));
    }

    @Override
    public RawClient dial(InetSocketAddress proxy) throws IOException {
        return MySqlRawClient.dial(proxy);
    }

    /** Of one length, so that places in a batch are the same whatever the numbers are. */
    private static String insert(int number) {
        return "INSERT INTO trace (number) VALUES (%06d)".formatted(number);
    }
}
