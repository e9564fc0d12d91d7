package dev.tdb.mysql.codec;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads the texts of statements for what a server does not tell of the session: names of user variables, locks by name,
 * and the like; and for whether it names a file of the client's. Strings and comments are passed over; a comment with a
 * version in it is text. A text may come in parts.
 * Belongs to one event loop.
 */
public final class SqlScan {
    private static final int WORD_BYTES_MAX = 64;

    /** Is told what a text holds. */
    public interface Sink {
        /** A user variable, without its sign, in lower case. */
        void userVariable(String name);

        /** {@code GET_LOCK}. */
        void userLock();

        /** {@code RELEASE_ALL_LOCKS}. */
        void userLocksReleased();

        /** A temporary table is made. */
        void temporaryTable();

        /** {@code HANDLER … OPEN}, or what may be it. */
        void handler();

        /** {@code PREPARE name}. */
        void prepared(String name);

        /** {@code DEALLOCATE PREPARE name}. */
        void deallocated(String name);

        /** {@code SET ROLE}. */
        void role();

        /** {@code LAST_INSERT_ID(} with something in it. */
        void lastInsertId();

        /** {@code session_track_system_variables}: a change of it is told only to who still tracks it after that. */
        void trackedVariables();
    }

    private enum Place {
        TEXT,
        WORD,
        QUOTED,
        LINE_COMMENT,
        BLOCK_COMMENT,
        VERSION,
        VARIABLE,
        QUOTED_VARIABLE
    }

    private final Sink sink;
    private final byte[] word = new byte[WORD_BYTES_MAX];
    private int wordBytes;
    private Place place = Place.TEXT;
    private byte quote;
    private boolean escaped;
    private boolean backslashes = true;
    private byte before;
    private byte beforeThat;
    private String first = "";
    private String second = "";
    private int words;
    private boolean insertIdCall;
    private boolean explains;
    private boolean namesFile;
    private boolean namedFile;

    public SqlScan(Sink sink) {
        this.sink = sink;
    }

    /** Whether a backslash escapes in strings, as it does unless the session's mode says otherwise. */
    public void backslashesEscape(boolean escape) {
        backslashes = escape;
    }

    /** A whole text. @return whether it says how it changes the session, should it do so */
    public boolean scan(ByteBuf in, int index, int count) {
        part(in, index, count);
        return end();
    }

    /** A part of a text. */
    public void part(ByteBuf in, int index, int count) {
        int end = index + count;
        for (int at = index; at < end; at++) {
            step(in.getByte(at));
        }
    }

    /** The text that came in parts is over. @return as {@link #scan} */
    public boolean end() {
        step((byte) ';');
        place = Place.TEXT;
        wordBytes = 0;
        before = 0;
        beforeThat = 0;
        escaped = false;
        boolean explained = explains;
        explains = false;
        namedFile = namesFile;
        namesFile = false;
        return explained;
    }

    /** Whether the text that was over last may have the server ask for a file: {@code LOAD … LOCAL}, or what hides it. */
    public boolean namesFile() {
        return namedFile;
    }

    private void step(byte b) {
        switch (place) {
            case TEXT -> text(b);
            case WORD -> {
                if (isWordByte(b)) {
                    append(b);
                } else {
                    wordEnds();
                    place = Place.TEXT;
                    text(b);
                }
            }
            case QUOTED -> quoted(b);
            case LINE_COMMENT -> {
                if (b == '\n') {
                    place = Place.TEXT;
                }
            }
            case BLOCK_COMMENT -> {
                boolean versioned =
                        b == '!' && ((before == '*' && beforeThat == '/') || (before == 'M' && beforeThat == '*'));
                if (versioned) {
                    place = Place.VERSION;
                } else if (before == '*' && b == '/' && beforeThat != '/') {
                    place = Place.TEXT;
                }
            }
            case VERSION -> {
                if (b < '0' || b > '9') {
                    place = Place.TEXT;
                    text(b);
                }
            }
            case VARIABLE -> {
                if (isWordByte(b) || b == '.') {
                    append(b);
                } else if (b == '@' && wordBytes == 0) {
                    place = Place.TEXT; // a system variable
                } else if (wordBytes == 0 && (b == '`' || b == '\'' || b == '"')) {
                    quote = b;
                    place = Place.QUOTED_VARIABLE;
                } else {
                    variableEnds();
                    place = Place.TEXT;
                    text(b);
                }
            }
            case QUOTED_VARIABLE -> {
                if (b == quote) {
                    variableEnds();
                    place = Place.TEXT;
                } else {
                    append(b);
                }
            }
        }
        beforeThat = before;
        before = b;
    }

    private void text(byte b) {
        if (insertIdCall && b != ' ' && b != '(') {
            insertIdCall = false;
            if (b != ')') {
                sink.lastInsertId();
                explains = true;
            }
        }
        switch (b) {
            case '\'', '"', '`' -> {
                quote = b;
                place = Place.QUOTED;
            }
            case '#' -> place = Place.LINE_COMMENT;
            case '*' -> {
                if (before == '/') {
                    place = Place.BLOCK_COMMENT;
                }
            }
            case '@' -> {
                wordBytes = 0;
                place = Place.VARIABLE;
            }
            case ';' -> {
                words = 0;
                first = "";
                second = "";
            }
            default -> {
                if (isWordByte(b)) {
                    wordBytes = 0;
                    append(b);
                    place = Place.WORD;
                } else if (b <= ' ' && b != '\n' && before == '-' && beforeThat == '-') {
                    place = Place.LINE_COMMENT;
                }
            }
        }
    }

    private void quoted(byte b) {
        if (escaped) {
            escaped = false;
        } else if (b == '\\' && backslashes && quote != '`') {
            escaped = true;
        } else if (b == quote) {
            place = Place.TEXT; // a doubled one opens the next string at once
        }
    }

    private void append(byte b) {
        if (wordBytes < WORD_BYTES_MAX) {
            word[wordBytes++] = b;
        }
    }

    private void variableEnds() {
        if (wordBytes > 0) {
            sink.userVariable(new String(word, 0, wordBytes, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT));
            explains = true;
        }
        wordBytes = 0;
    }

    /** Most words are of no interest, and are not made a String. */
    private boolean isOfInterest() {
        int initial = word[0] & ~0x20;
        if (words == 0) {
            return initial == 'C'
                    || initial == 'H'
                    || initial == 'P'
                    || initial == 'D'
                    || initial == 'S'
                    || initial == 'E';
        }
        boolean named = switch (wordBytes) {
            case 5 -> initial == 'L'; // LOCAL
            case 8 -> initial == 'G'; // GET_LOCK
            case 9 -> initial == 'T'; // TEMPORARY
            case 14 -> initial == 'L'; // LAST_INSERT_ID
            case 17 -> initial == 'R'; // RELEASE_ALL_LOCKS
            case 30 -> initial == 'S'; // SESSION_TRACK_SYSTEM_VARIABLES
            default -> false;
        };
        return named || (words <= 2 && !first.isEmpty());
    }

    private void wordEnds() {
        if (!isOfInterest()) {
            wordBytes = 0;
            words++;
            return;
        }
        String text = new String(word, 0, wordBytes, StandardCharsets.UTF_8);
        String upper = text.toUpperCase(Locale.ROOT);
        wordBytes = 0;
        switch (upper) {
            case "GET_LOCK" -> sink.userLock();
            case "RELEASE_ALL_LOCKS" -> sink.userLocksReleased();
            case "LAST_INSERT_ID" -> insertIdCall = true;
            case "LOCAL" -> namesFile = true;
            case "SESSION_TRACK_SYSTEM_VARIABLES" -> sink.trackedVariables();
            case "TEMPORARY" -> {
                explains = true;
                if (first.equals("CREATE")) {
                    sink.temporaryTable();
                }
            }
            default -> {
                // Of the others only the place in the statement matters.
            }
        }
        if (words == 0) {
            first = upper;
            if (upper.equals("HANDLER")) {
                sink.handler();
            }
            namesFile |= upper.equals("EXECUTE"); // of a text that is in a string or a variable
        } else if (words == 1) {
            second = upper;
            second(text);
        } else if (words == 2 && second.equals("PREPARE") && (first.equals("DEALLOCATE") || first.equals("DROP"))) {
            sink.deallocated(text.toLowerCase(Locale.ROOT));
            explains = true;
        }
        words++;
    }

    private void second(String text) {
        if (first.equals("PREPARE")) {
            sink.prepared(text.toLowerCase(Locale.ROOT));
            explains = true;
        } else if (first.equals("SET") && second.equals("ROLE")) {
            sink.role();
            explains = true;
        }
    }

    private static boolean isWordByte(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '_'
                || b == '$'
                || b < 0;
    }
}
