package dev.tdb.local;

/** A server that runs, or has run: this is true of one process, from its start to its end. */
record RunningServer(GuardedProcess process, int port, DirectoryLock lock) {}
