package dev.tdb.mysql.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Column Definition (server to client): what one column of a result is. What is not named here is skipped.
 *
 * @see <a href="https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_column_definition.html">Column
 *     Definition</a>
 */
public record ColumnDefinition41(String name, int type) {
    public static ColumnDefinition41 decode(ByteBuf payload) {
        for (int i = 0; i < 4; i++) {
            LengthEncoded.readBytes(payload); // catalog, schema, table and the table's own name
        }
        String name = new String(LengthEncoded.readBytes(payload), StandardCharsets.UTF_8);
        LengthEncoded.readBytes(payload);
        LengthEncoded.readLong(payload);
        WireText.need(payload, 2 + 4 + 1);
        payload.skipBytes(2 + 4);
        return new ColumnDefinition41(name, payload.readUnsignedByte());
    }
}
