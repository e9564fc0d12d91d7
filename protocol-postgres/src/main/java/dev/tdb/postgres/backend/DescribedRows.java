package dev.tdb.postgres.backend;

import dev.tdb.postgres.backend.PostgresSessionState.Setting;
import dev.tdb.proxy.refusal.ProtocolViolation;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows that answer {@link DescribeSql}, sorted by what they say. */
final class DescribedRows {
    private static final String STATEMENT_TIMEOUT = "statement_timeout";
    private static final String[] UNITS = {"ms", "s", "min", "h", "d"};
    private static final long[] UNIT_MILLIS = {1, 1000, 60_000, 3_600_000, 86_400_000};

    private final List<Setting> settings = new ArrayList<>();
    private final List<Setting> customSettings = new ArrayList<>();
    private final List<Setting> prepared = new ArrayList<>();
    private final Set<String> parsedNames = new LinkedHashSet<>();
    private final List<String> channels = new ArrayList<>();
    private String role = "";
    private String statementTimeout = "";
    private Optional<UnmovableReason> unmovable = Optional.empty();

    /** Each value is bytes, each character one; a null stays null. */
    void add(ByteBuf row) {
        int columns = row.readableBytes() < Short.BYTES ? 0 : row.readUnsignedShort();
        if (columns == 1) {
            statementTimeout = given(value(row));
        } else if (columns == 4) {
            add(given(value(row)), value(row), value(row), value(row));
        } else {
            throw new ProtocolViolation("a row of " + columns + " columns");
        }
    }

    private static @Nullable String value(ByteBuf row) {
        int length = row.readableBytes() < Integer.BYTES ? Integer.MAX_VALUE : row.readInt();
        if (length > row.readableBytes()) {
            throw new ProtocolViolation("a row ends early");
        }
        return length < 0 ? null : row.readString(length, StandardCharsets.ISO_8859_1);
    }

    private void add(String kind, @Nullable String name, @Nullable String value, @Nullable String resetValue) {
        switch (kind) {
            case "s" -> setting(given(name), given(value), given(resetValue));
            case "c" -> {
                if (value != null) {
                    customSettings.add(new Setting(given(name), value));
                }
            }
            case "r" -> role = given(value);
            case "p" -> {
                if (value == null) {
                    blame(UnmovableReason.LARGE_STATEMENT);
                } else {
                    prepared.add(new Setting(given(name), value));
                }
            }
            case "x" -> parsedNames.add(given(name));
            case "l" -> channels.add(given(name));
            case "h" -> blame(UnmovableReason.CURSOR_WITH_HOLD);
            case "a" -> blame(UnmovableReason.ADVISORY_LOCK);
            case "t" -> blame(UnmovableReason.TEMPORARY_TABLE);
            default -> throw new ProtocolViolation("a row of kind " + kind);
        }
    }

    /** The question itself runs without a statement timeout; what the session has was asked before. */
    private void setting(String name, String value, String resetValue) {
        if (!name.equals(STATEMENT_TIMEOUT)) {
            settings.add(new Setting(name, value));
        } else if (millis(statementTimeout) != millis(resetValue)) {
            settings.add(new Setting(name, statementTimeout));
        }
    }

    /** Reads {@code 90}, {@code 90ms}, {@code 5s}, {@code 2min}, {@code 1h}, {@code 1d}. */
    static long millis(String time) {
        int digits = 0;
        while (digits < time.length() && Character.isDigit(time.charAt(digits))) {
            digits++;
        }
        long count = digits == 0 || digits > 10 ? -1 : Long.parseLong(time.substring(0, digits));
        String unit = time.substring(digits).strip();
        for (int i = 0; i < UNITS.length; i++) {
            if (unit.equals(UNITS[i])) {
                return count * UNIT_MILLIS[i];
            }
        }
        return count;
    }

    private void blame(UnmovableReason reason) {
        if (unmovable.isEmpty()) {
            unmovable = Optional.of(reason);
        }
    }

    private static String given(@Nullable String value) {
        return value == null ? "" : value;
    }

    List<Setting> settings() {
        return settings;
    }

    List<Setting> customSettings() {
        return customSettings;
    }

    /** By name, with the text the server keeps. */
    List<Setting> prepared() {
        return prepared;
    }

    /** The caller may take names away. */
    Set<String> parsedNames() {
        return parsedNames;
    }

    List<String> channels() {
        return channels;
    }

    String role() {
        return role;
    }

    Optional<UnmovableReason> unmovable() {
        return unmovable;
    }
}
