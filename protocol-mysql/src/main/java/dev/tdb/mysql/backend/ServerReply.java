package dev.tdb.mysql.backend;

import dev.tdb.mysql.message.ColumnDefinition41;
import dev.tdb.mysql.message.ErrPacket;
import dev.tdb.mysql.message.OkPacket;
import dev.tdb.mysql.message.ServerStatus;
import java.util.List;
import java.util.Optional;

/** What a server said to one command of the proxy's own. */
public sealed interface ServerReply {
    record Done(OkPacket ok) implements ServerReply {}

    record Failed(ErrPacket error) implements ServerReply {}

    /**
     * @param rows each with as many values as there are columns
     * @param status bits of {@link ServerStatus}
     */
    record Rows(List<ColumnDefinition41> columns, List<List<Optional<String>>> rows, int status)
            implements ServerReply {}

    record Prepared(int statementId, int parameters) implements ServerReply {}
}
