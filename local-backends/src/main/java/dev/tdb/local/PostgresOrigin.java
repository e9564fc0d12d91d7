package dev.tdb.local;

/** Where the data of a server comes from when its directory has none. */
sealed interface PostgresOrigin permits NewCluster, StandbyCopy {
    /** Makes {@code directory.data()} and {@code directory.logins()}, and leaves no data directory when it fails. */
    void create(PostgresDirectory directory, PostgresSpec spec, RunAs runAs);
}
