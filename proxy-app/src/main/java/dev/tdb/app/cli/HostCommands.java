package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tdb hosts}: the servers tenants may be placed on. */
@Command(
        name = "hosts",
        description = "Database servers that tenants may be placed on.",
        mixinStandardHelpOptions = true,
        subcommands = {HostCommands.ListHosts.class, HostCommands.Add.class})
public final class HostCommands {
    @Command(name = "list", description = "List hosts.")
    static final class ListHosts extends ClientCommand {
        @Mixin
        PageOptions page = new PageOptions();

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/hosts?limit=" + page.limit + "&offset=" + page.offset);
            out.reply(reply);
            out.table(
                    reply.path("hosts"),
                    "there are no hosts: add one with tdb hosts add",
                    Column.of("HOST", "host_id"),
                    Column.of("TYPE", "database_type"),
                    new Column("ADDRESS", RouteCommands::address),
                    Column.of("REGION", "region"),
                    Column.of("LEVEL", "level"),
                    new Column(
                            "DATABASES",
                            host -> host.path("databases").asString("") + "/"
                                    + host.path("capacity").asString("")),
                    Column.of("STATE", "state"));
            out.more(reply);
        }
    }

    @Command(name = "add", description = "Register a database server.")
    static final class Add extends ClientCommand {
        @Parameters(paramLabel = "HOST:PORT", description = "Where it listens.")
        String address = "";

        @Option(names = "--id", paramLabel = "ID", description = "Its name here; made if not given.")
        String id = "";

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "postgres, mysql, mongodb or redis (default: ${DEFAULT-VALUE}).")
        String type = "postgres";

        @Option(
                names = "--admin-user",
                required = true,
                paramLabel = "USER",
                description = "May create databases and roles.")
        String adminUser = "";

        @Option(
                names = "--admin-password-file",
                paramLabel = "FILE",
                description = "Where the password stands; asked for, or read from standard input, if not given.")
        @Nullable
        Path passwordFile;

        @Option(names = "--tls", paramLabel = "MODE", description = "disable, prefer, require, verify-ca, verify-full.")
        String tls = "";

        @Option(names = "--region", paramLabel = "REGION", description = "Where it stands.")
        String region = "";

        @Option(names = "--level", paramLabel = "LEVEL", description = "1 (shared) or 2 (dedicated).")
        String level = "";

        @Option(names = "--capacity", paramLabel = "N", description = "Tenant databases at most.")
        @Nullable
        Integer capacity;

        @Override
        void run(Api api, Output out) {
            HostPort at = HostPort.parse(address);
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("database_type", type);
            body.put("host", at.host());
            body.put("port", at.port());
            body.put("admin_user", adminUser);
            body.put("admin_password", password());
            Map.of("host_id", id, "tls", tls, "region", region, "level", level).forEach((name, value) -> {
                if (!value.isEmpty()) {
                    body.put(name, value);
                }
            });
            if (capacity != null) {
                body.put("capacity", capacity);
            }
            JsonNode reply = api.call("POST", "/hosts", body);
            out.reply(reply);
            JsonNode host = reply.path("host");
            out.line("host " + host.path("host_id").asString() + " at " + RouteCommands.address(host)
                    + " is registered");
        }

        private String password() {
            try {
                if (passwordFile != null) {
                    return Files.readString(passwordFile).strip();
                }
                Optional<Console> terminal =
                        Optional.ofNullable(System.console()).filter(Console::isTerminal);
                if (terminal.isPresent()) {
                    return new String(terminal.get().readPassword("password of %s: ", adminUser));
                }
                var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                return Objects.requireNonNullElse(lines.readLine(), "").strip();
            } catch (IOException fault) {
                throw CliFailure.usage("the password cannot be read: " + fault.getMessage());
            }
        }
    }
}
