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
import java.util.stream.Collectors;
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
        subcommands = {
            HostCommands.ListHosts.class,
            HostCommands.Get.class,
            HostCommands.Add.class,
            HostCommands.Update.class,
            HostCommands.Remove.class,
            HostCommands.Regions.class
        })
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

    @Command(name = "get", description = "Show a host, and ask how it is.")
    static final class Get extends ClientCommand {
        @Parameters(paramLabel = "HOST", description = "As tdb hosts list shows it.")
        String id = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get(path(id));
            out.reply(reply);
            out.record(
                    reply.path("host"),
                    Column.of("host", "host_id"),
                    Column.of("type", "database_type"),
                    new Column("address", RouteCommands::address),
                    Column.of("tls", "tls"),
                    Column.of("region", "region"),
                    Column.of("level", "level"),
                    Column.of("databases", "databases"),
                    Column.of("capacity", "capacity"),
                    Column.of("state", "state"),
                    Column.of("admin user", "admin_user"));
            JsonNode health = reply.path("health");
            out.line(
                    health.path("reachable").asBoolean(false)
                            ? "it answers: " + health.path("version").asString("")
                            : "it does not answer: " + health.path("detail").asString(""));
        }
    }

    private static String path(String id) {
        return "/hosts/" + Api.segment(id);
    }

    @Command(name = "update", description = "Change a host; draining takes no new tenants.")
    static final class Update extends ClientCommand {
        @Parameters(paramLabel = "HOST", description = "As tdb hosts list shows it.")
        String id = "";

        @Option(names = "--state", paramLabel = "STATE", description = "ready or draining.")
        String state = "";

        @Option(names = "--region", paramLabel = "REGION", description = "Where it stands.")
        String region = "";

        @Option(names = "--capacity", paramLabel = "N", description = "Tenant databases at most.")
        @Nullable
        Integer capacity;

        @Override
        void run(Api api, Output out) {
            Map<String, Object> body = new LinkedHashMap<>();
            Map.of("state", state, "region", region).forEach((name, value) -> {
                if (!value.isEmpty()) {
                    body.put(name, value);
                }
            });
            if (capacity != null) {
                body.put("capacity", capacity);
            }
            if (body.isEmpty()) {
                throw CliFailure.usage("say what to change: --state, --region or --capacity");
            }
            JsonNode reply = api.call("PATCH", path(id), body);
            out.reply(reply);
            out.line("host " + id + " is changed");
        }
    }

    @Command(name = "remove", aliases = "delete", description = "Remove a host that holds nothing.")
    static final class Remove extends ClientCommand {
        @Parameters(paramLabel = "HOST", description = "As tdb hosts list shows it.")
        String id = "";

        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.call("DELETE", path(id), Map.of());
            out.reply(reply);
            out.line("host " + id + " is removed");
        }
    }

    @Command(name = "regions", description = "List regions.")
    static final class Regions extends ClientCommand {
        @Override
        void run(Api api, Output out) {
            JsonNode reply = api.get("/regions");
            out.reply(reply);
            out.table(
                    reply.path("regions"),
                    "there are no hosts yet",
                    Column.of("REGION", "region"),
                    new Column("TYPES", region -> joined(region.path("database_types"))),
                    new Column("LEVELS", region -> joined(region.path("levels"))));
        }

        private static String joined(JsonNode values) {
            return values.valueStream().map(value -> value.asString("")).collect(Collectors.joining(", "));
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
