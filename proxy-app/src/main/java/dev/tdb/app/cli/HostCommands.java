package dev.tdb.app.cli;

import dev.tdb.app.cli.Output.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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
        subcommands = {
            HostCommands.ListHosts.class,
            HostCommands.Get.class,
            HostCommands.Add.class,
            HostCommands.Update.class,
            HostCommands.Remove.class,
            HostCommands.Regions.class
        })
public final class HostCommands {
    @Mixin
    HelpOption help = new HelpOption();

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

        @Option(
                names = "--state",
                paramLabel = "STATE",
                completionCandidates = Words.HostStates.class,
                description = "ready or draining.")
        String state = "";

        @Option(names = "--region", paramLabel = "REGION", description = "Where it stands.")
        String region = "";

        @Option(names = "--capacity", paramLabel = "N", description = "Tenant databases at most.")
        @Nullable
        Integer capacity;

        @Option(
                names = "--admin-user",
                paramLabel = "USER",
                description = "A new administrator; the password is asked for, or read from standard input.")
        String adminUser = "";

        @Option(names = "--admin-password-file", paramLabel = "FILE", description = "Where the new password stands.")
        @Nullable
        Path passwordFile;

        @Override
        void run(Api api, Output out) {
            Map<String, Object> body = new LinkedHashMap<>();
            if (!adminUser.isEmpty()) {
                body.put("admin_user", adminUser);
            }
            if (!adminUser.isEmpty() || passwordFile != null) {
                body.put("admin_password", password(passwordFile, adminUser));
            }
            Map.of("state", state, "region", region).forEach((name, value) -> {
                if (!value.isEmpty()) {
                    body.put(name, value);
                }
            });
            if (capacity != null) {
                body.put("capacity", capacity);
            }
            if (body.isEmpty()) {
                throw CliFailure.usage("say what to change: --state, --region, --capacity, --admin-user or"
                        + " --admin-password-file");
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
    static final class Regions extends ListOfRegions {}

    /** By two names: {@code tdb hosts regions} and {@code tdb regions}. */
    abstract static class ListOfRegions extends ClientCommand {
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
                completionCandidates = Words.Engines.class,
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

        @Option(
                names = "--tls",
                paramLabel = "MODE",
                completionCandidates = Words.TlsModes.class,
                description = "disable, prefer, require, verify-ca or verify-full; prefer if not given.")
        String tls = "";

        @Option(
                names = "--ca-file",
                paramLabel = "FILE",
                description = "Who may have signed the server's certificate, in PEM; for verify-ca and verify-full.")
        @Nullable
        Path caFile;

        @Option(names = "--region", paramLabel = "REGION", description = "Where it stands.")
        String region = "";

        @Option(
                names = "--level",
                paramLabel = "LEVEL",
                completionCandidates = Words.Levels.class,
                description = "1 (shared) or 2 (dedicated).")
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
            body.put("admin_password", password(passwordFile, adminUser));
            if (caFile != null) {
                body.put("ca_pem", read(caFile));
            }
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
    }

    private static String password(@Nullable Path file, String user) {
        return file == null
                ? SecretInput.read("password of " + user + ": ")
                : read(file).strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException fault) {
            throw CliFailure.unreadable(file, fault);
        }
    }
}
