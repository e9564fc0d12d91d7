package dev.tdb.postgres.frontend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * What a PostgreSQL server does with messages, as far as a relay must know it; statements are words that say what comes
 * of them. The reference that the real thing is compared with: it reads whole messages and knows everything.
 */
final class FakePostgres {
    private final ByteBuf in = Unpooled.buffer();
    private final ByteBuf out = Unpooled.buffer();
    private char status = 'I';
    /** Extended messages came, and no Sync or Query since. */
    private boolean inBatch;

    private boolean skipsToSync;
    private boolean copyIn;
    private boolean copyIsExtended;
    /** The statements of a Query behind its copy. */
    private String behindCopy = "";

    private String parsed = "";
    private String bound = "";
    private int suspensions;
    private int reports;

    void receive(byte[] bytes) {
        in.writeBytes(bytes);
    }

    /** Does what the next whole message asks for. @return false when there is none */
    boolean step() {
        if (in.readableBytes() < 5 || in.readableBytes() < 1 + in.getInt(in.readerIndex() + 1)) {
            return false;
        }
        char type = (char) in.readByte();
        ByteBuf body = in.readSlice(in.readInt() - 4);
        if (copyIn) {
            inCopy(type, body);
        } else if (type == 'S') {
            sync();
        } else if (!skipsToSync) {
            message(type, body);
        }
        return true;
    }

    /** What it has said since the last call. */
    byte[] takeSaid() {
        byte[] said = new byte[out.readableBytes()];
        out.readBytes(said);
        out.discardReadBytes();
        return said;
    }

    /** What it has not read yet may be such as means nothing outside a unit. */
    boolean isAtRest() {
        return status == 'I' && !inBatch && !skipsToSync && !copyIn && onlyMeaninglessIsUnread();
    }

    private boolean onlyMeaninglessIsUnread() {
        int at = in.readerIndex();
        while (at < in.writerIndex()) {
            boolean isWhole = in.writerIndex() - at >= 5 && in.writerIndex() - at >= 1 + in.getInt(at + 1);
            if (!isWhole || "dcfH".indexOf(in.getByte(at)) < 0) {
                return false;
            }
            at += 1 + in.getInt(at + 1);
        }
        return true;
    }

    boolean hasSaidAll() {
        return !out.isReadable();
    }

    /** How many query events all this should make. */
    int reports() {
        return reports;
    }

    private void message(char type, ByteBuf body) {
        switch (type) {
            case 'Q' -> query(text(body));
            case 'F' -> {
                inBatch = false;
                say(status == 'E' ? ServerBytes.error() : ServerBytes.functionResult());
                reports++;
                ready();
            }
            case 'P' -> {
                inBatch = true;
                body.skipBytes(body.bytesBefore((byte) 0) + 1);
                parsed = text(body);
                answer(!parsed.equals("syntax"), ServerBytes.parseComplete());
            }
            case 'B' -> {
                inBatch = true;
                bound = parsed;
                suspensions = 2;
                answer(!bound.equals("bad value"), ServerBytes.bindComplete());
            }
            case 'D' -> {
                inBatch = true;
                if (body.readByte() == 'S') {
                    say(ServerBytes.parameterDescription());
                }
                say(parsed.equals("rows") ? ServerBytes.rowDescription() : ServerBytes.noData());
            }
            case 'C' -> {
                inBatch = true;
                say(ServerBytes.closeComplete());
            }
            case 'E' -> {
                inBatch = true;
                body.skipBytes(body.bytesBefore((byte) 0) + 1);
                execute(body.readInt());
            }
            default -> {
                // Flush, and copy data that comes too late.
            }
        }
    }

    private void query(String text) {
        inBatch = false;
        boolean fine = true;
        String rest = text;
        while (fine) {
            int end = rest.indexOf(';');
            String statement = end < 0 ? rest : rest.substring(0, end);
            if (statement.equals("copy in") && status != 'E') {
                say(ServerBytes.copyIn());
                copyIn = true;
                copyIsExtended = false;
                behindCopy = end < 0 ? "" : rest.substring(end + 1);
                return;
            }
            fine = run(statement, true) && end >= 0;
            rest = rest.substring(end + 1);
        }
        reports++;
        ready();
    }

    private void execute(int rowsMax) {
        if (bound.equals("copy in") && status != 'E') {
            say(ServerBytes.copyIn());
            copyIn = true;
            copyIsExtended = true;
        } else if (bound.equals("rows") && rowsMax > 0 && suspensions > 0 && status != 'E') {
            suspensions--;
            say(ServerBytes.dataRow("r"), ServerBytes.suspended());
            reports++;
        } else if (run(bound, false)) {
            reports++;
        } else {
            fail();
        }
    }

    /** @return false when it failed, which in a Query has been said already */
    private boolean run(String statement, boolean inQuery) {
        boolean fails = statement.equals("error")
                || statement.equals("copy in")
                || (status == 'E' && !statement.equals("commit") && !statement.isEmpty());
        if (fails) {
            if (inQuery) {
                say(ServerBytes.error());
                status = status == 'I' ? 'I' : 'E';
            }
            return false;
        }
        switch (statement) {
            case "" -> say(ServerBytes.emptyQuery());
            case "begin" -> {
                status = 'T';
                say(ServerBytes.complete("BEGIN"));
            }
            case "commit" -> {
                status = 'I';
                say(ServerBytes.complete("COMMIT"));
            }
            case "rows" -> say(ServerBytes.notice("n"), ServerBytes.dataRow("r"), ServerBytes.complete("SELECT 1"));
            case "copy out" ->
                say(
                        ServerBytes.copyOut(),
                        ClientBytes.copyData("x"),
                        ClientBytes.copyDone(),
                        ServerBytes.complete("COPY 1"));
            default -> say(ServerBytes.parameter("p", statement), ServerBytes.complete("INSERT 0 1"));
        }
        return true;
    }

    private void inCopy(char type, ByteBuf body) {
        switch (type) {
            case 'd' -> {
                if (body.isReadable() && body.getByte(body.readerIndex()) == '!') {
                    copyFailed();
                }
            }
            case 'f' -> copyFailed();
            case 'c' -> {
                copyIn = false;
                say(ServerBytes.complete("COPY 1"));
                if (!copyIsExtended && !behindCopy.isEmpty()) {
                    query(behindCopy);
                    return;
                }
                reports++;
                if (!copyIsExtended) {
                    ready();
                }
            }
            case 'S', 'H' -> {
                // Ignored.
            }
            default -> throw new AssertionError("message " + type + " in a COPY");
        }
    }

    private void copyFailed() {
        copyIn = false;
        if (copyIsExtended) {
            fail();
        } else {
            say(ServerBytes.error());
            status = status == 'I' ? 'I' : 'E';
            reports++;
            ready();
        }
    }

    private void answer(boolean fine, byte[] reply) {
        boolean aborted = status == 'E' && !parsed.equals("commit") && !parsed.isEmpty();
        if (fine && !aborted) {
            say(reply);
        } else {
            fail();
        }
    }

    private void fail() {
        say(ServerBytes.error());
        status = status == 'I' ? 'I' : 'E';
        skipsToSync = true;
        reports++;
    }

    private void sync() {
        boolean commitFails = inBatch && !skipsToSync && status == 'I' && bound.equals("deferred");
        skipsToSync = false;
        inBatch = false;
        bound = "";
        if (commitFails) {
            say(ServerBytes.error());
            reports++;
        }
        ready();
    }

    private void ready() {
        say(ServerBytes.ready(status));
    }

    private void say(byte[]... messages) {
        out.writeBytes(ClientBytes.all(messages));
    }

    private static String text(ByteBuf body) {
        return body.readString(body.bytesBefore((byte) 0), StandardCharsets.ISO_8859_1);
    }
}
