package dev.tdb.app.dev;

import dev.tdb.app.dev.DevFacts.DatabaseFacts;
import dev.tdb.app.dev.DevFacts.TenantFacts;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code tdb dev} prints when everything works: how to connect, and what to try. */
final class DevGreeting {
    private static final String POSTGRES = "postgresql:";

    private DevGreeting() {}

    /** For a shell. The clients of MariaDB and MySQL take no URL; for drivers it is in dev.json. */
    private static String command(String connectionString) {
        if (connectionString.startsWith(POSTGRES)) {
            return "psql '" + connectionString + "'";
        }
        URI uri = URI.create(connectionString);
        String[] user = uri.getRawUserInfo().split(":", 2);
        return "mariadb -h " + uri.getHost() + " -P " + uri.getPort() + " -u " + user[0] + " -p" + user[1] + " "
                + uri.getPath().substring(1);
    }

    static List<String> lines(DevFacts facts, Path folder) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("tdb is running.");
        lines.add("");
        for (TenantFacts tenant : facts.tenants()) {
            for (DatabaseFacts database : tenant.databases()) {
                lines.add("  tenant " + tenant.tenantId() + ", " + database.databaseType());
                lines.add("    reads and writes   " + command(database.connectionString()));
                lines.add("    may change tables  " + command(database.adminConnectionString()));
            }
        }
        lines.add("");
        lines.add("  API       " + facts.api().url());
        lines.add("  API key   " + facts.api().key());
        lines.add("  project   " + facts.project());
        lines.add("  TLS       offered; trust " + folder.resolve("ca.pem")
                + " (sslmode=verify-full sslrootcert=…, --ssl-ca=…)");
        lines.add("  log       " + folder.resolve("tdb.log"));
        lines.add("");
        lines.add("Try this:");
        DatabaseFacts first = facts.tenants().getFirst().databases().getFirst();
        String database = first.blueprint() + "__" + facts.tenants().getFirst().tenantId();
        DevFacts.HostFacts other = facts.hosts().stream()
                .filter(host -> host.databaseType().equals(first.databaseType()))
                .toList()
                .getLast();
        lines.add("  " + command(first.connectionString())
                + (first.connectionString().startsWith(POSTGRES) ? " -c" : " -e") + " 'SELECT * FROM customers'");
        lines.add("  ./tdb routes flip " + database + " --to " + other.host() + ":" + other.port());
        lines.add("  ./tdb tenants logs " + facts.tenants().getFirst().tenantId());
        lines.add("");
        lines.add("Ctrl-C stops everything.");
        return lines;
    }
}
