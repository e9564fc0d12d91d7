package dev.tdb.control.querylog;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an entry is: its file, and there its row. A row's number has the tenant's in its upper bits and in the lower ones
 * how manieth entry of this tenant it is, without a gap. So a tenant's blocks of entries lie side by side, in the order in
 * which they were written, and the table's own tree is the only index that most questions need.
 *
 * @param stem of the file
 */
record EntryId(String stem, long row) {
    private static final Pattern TEXT = Pattern.compile("(\\d{4}-\\d{2}-\\d{2}\\.\\d{4})-(\\d{1,18})");
    private static final int COUNT_BITS = 40;
    static final int TENANTS_MAX = 1 << 18;

    static long row(int tenantNo, long count) {
        return ((long) tenantNo << COUNT_BITS) + count;
    }

    /** Below the tenant's first row. */
    static long floor(int tenantNo) {
        return row(tenantNo, 0);
    }

    static int tenantNo(long row) {
        return (int) (row >> COUNT_BITS);
    }

    static Optional<EntryId> parse(String text) {
        Matcher parts = TEXT.matcher(text);
        return parts.matches()
                ? Optional.of(new EntryId(parts.group(1), Long.parseLong(parts.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return stem + "-" + row;
    }
}
