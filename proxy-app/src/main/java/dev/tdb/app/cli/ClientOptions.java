package dev.tdb.app.cli;

import picocli.CommandLine.Option;

/** What every command that talks to the API takes. An empty text is "not given". */
public final class ClientOptions {
    @Option(names = "--url", paramLabel = "URL", description = "Where the API is (TDB_URL).")
    String url = "";

    @Option(names = "--key", paramLabel = "KEY", description = "The key to use (TDB_KEY; better there than here).")
    String key = "";

    @Option(names = "--project", paramLabel = "ID", description = "The project, for the operator's key (TDB_PROJECT).")
    String project = "";

    @Option(
            names = "--idempotency-key",
            paramLabel = "KEY",
            description = "What is made or begun with the same key again, within 24 h, is not done twice.")
    String idempotencyKey = "";

    @Option(names = "--json", description = "Print the API's answer, and nothing else.")
    boolean json;
}
