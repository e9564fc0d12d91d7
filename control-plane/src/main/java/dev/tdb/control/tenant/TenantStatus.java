package dev.tdb.control.tenant;

import java.util.Locale;

/** The state of a tenant, or of one of its databases, most ready first. */
public enum TenantStatus {
    READY,
    SYNCING,
    MIGRATING,
    SUSPENDED,
    RECOVERING,
    RESTORING,
    PROVISIONING,
    DELETED,
    FAILED;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static TenantStatus parse(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
