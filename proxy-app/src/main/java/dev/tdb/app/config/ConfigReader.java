package dev.tdb.app.config;

import dev.tdb.admin.http.HttpSettings;
import dev.tdb.admin.http.RateLimits.Rate;
import dev.tdb.app.config.ServeConfig.CertificateFiles;
import dev.tdb.app.config.ServeConfig.ListenerSettings;
import dev.tdb.control.deployment.DeploymentSettings;
import dev.tdb.control.engine.ApplyTerms;
import dev.tdb.control.plane.ControlSettings;
import dev.tdb.control.querylog.QueryLogSettings;
import dev.tdb.control.secret.EncryptionKeys;
import dev.tdb.control.store.StoreSettings;
import dev.tdb.control.tenant.PublicEndpoint;
import dev.tdb.proxy.backend.LinkLimits;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.SessionLimits;
import dev.tdb.proxy.frontend.SessionTimes;
import dev.tdb.proxy.listen.AddressRange;
import dev.tdb.proxy.listen.NodeConfig;
import dev.tdb.proxy.listen.NodeLimits;
import dev.tdb.proxy.listen.TlsFiles;
import dev.tdb.proxy.listen.TlsFiles.Plaintext;
import dev.tdb.proxy.relay.Transport;
import dev.tdb.proxy.route.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code tdb.yaml}. The whole file is checked; its mistakes come all at once, as a {@link ConfigFault}. */
public final class ConfigReader {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration TRASH_MAX = Duration.ofDays(3650);
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Map<String, Plaintext> PLAINTEXT = ordered(
            Map.entry("nobody", Plaintext.NOBODY),
            Map.entry("loopback", Plaintext.LOOPBACK),
            Map.entry("everybody", Plaintext.EVERYBODY));

    private static final Pattern SERVER_VERSION =
            Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}(-[A-Za-z0-9.~+_-]{1,40})?");

    private final Set<Engine> engines;

    /** @param engines that this build can serve */
    public ConfigReader(Set<Engine> engines) {
        this.engines = Collections.unmodifiableSet(EnumSet.copyOf(engines));
    }

    @SafeVarargs
    private static <T> Map<String, T> ordered(Map.Entry<String, T>... entries) {
        Map<String, T> map = new LinkedHashMap<>();
        for (Map.Entry<String, T> entry : entries) {
            map.put(entry.getKey(), entry.getValue());
        }
        return map;
    }

    /** @throws ConfigFault when the file cannot be used */
    public ServeConfig read(Path file) {
        List<Mistake> mistakes = new ArrayList<>();
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        Section root = new Section("", 0, compose(file), folder, mistakes);
        ServeConfig config = new ServeConfig(
                store(root.section("control"), folder),
                keyFile(root.section("control"), folder),
                root.section("control").duration("trash_kept", ControlSettings.TRASH_KEPT, Duration.ZERO, TRASH_MAX),
                queryLog(root.section("query_log"), folder),
                deployments(root.section("deployments")),
                queryEventsMax(root.section("query_log")),
                api(root.section("api")),
                node(root.section("proxy")),
                listeners(root.section("listeners")),
                root.section("proxy").duration("shutdown_patience", Duration.ofSeconds(30), Duration.ZERO, DAY));
        checkAddresses(root.section("api"), root.section("listeners"), config);
        root.end();
        if (!mistakes.isEmpty()) {
            throw ConfigFault.of(file.toString(), mistakes);
        }
        return config;
    }

    private static Optional<Node> compose(Path file) {
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(file.toString())
                    .setAllowDuplicateKeys(false)
                    .build();
            return new Compose(settings).composeString(Files.readString(file));
        } catch (IOException _) {
            throw ConfigFault.of(file.toString(), List.of(new Mistake(0, "", "the file cannot be read")));
        } catch (MarkedYamlEngineException fault) {
            int line = fault.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            throw ConfigFault.of(file.toString(), List.of(new Mistake(line, "", "is not YAML: " + fault.getProblem())));
        } catch (YamlEngineException fault) {
            throw ConfigFault.of(file.toString(), List.of(new Mistake(0, "", "is not YAML: " + fault.getMessage())));
        }
    }

    private static StoreSettings store(Section control, Path folder) {
        String standard = "jdbc:sqlite:" + folder.resolve("control.db");
        String url = control.read(
                "database",
                standard,
                text -> text.startsWith("jdbc:sqlite:") || text.startsWith("jdbc:postgresql:")
                        ? Optional.of(text)
                        : Optional.empty(),
                "jdbc:sqlite:FILE or jdbc:postgresql://HOST/DATABASE");
        String user = control.text("user").orElse("");
        Secret password = Secret.of("");
        if (control.has("password_file")) {
            try {
                password = Secret.of(
                        Files.readString(control.file("password_file")).strip());
            } catch (IOException _) {
                // Noted by file() already.
            }
        }
        checkLogin(control, url);
        control.has("encryption_keys_file"); // Read beside the store, as the next one.
        control.has("trash_kept");
        control.end();
        return new StoreSettings(url, user, password);
    }

    private static int queryEventsMax(Section log) {
        int max = log.whole("waiting_max", 65_536, 1024, 4_194_304);
        return log.flag("enabled", true) ? max : 0;
    }

    private static void checkLogin(Section control, String url) {
        if (url.startsWith("jdbc:postgresql:")) {
            if (!control.has("user")) {
                control.mistake("user", "is missing, expected who logs in to " + url);
            }
            return;
        }
        for (String key : List.of("user", "password_file")) {
            if (control.has(key)) {
                control.mistake(key, "is not for SQLite, expected a database of jdbc:postgresql: beside it");
            }
        }
    }

    /** The file need not be there: the first start makes it. */
    private static Path keyFile(Section control, Path folder) {
        Path file = control.path("encryption_keys_file", folder.resolve("keys"));
        try {
            EncryptionKeys.check(file);
        } catch (IllegalArgumentException fault) {
            control.mistake("encryption_keys_file", "cannot be used: " + fault.getMessage());
        }
        return file;
    }

    private static QueryLogSettings queryLog(Section log, Path folder) {
        QueryLogSettings standard = QueryLogSettings.in(folder.resolve("querylog"));
        log.has("waiting_max"); // Read beside the log, as is the next.
        log.has("enabled");
        Duration retention =
                log.duration("retention", Duration.ofDays(standard.retentionDays()), DAY, Duration.ofDays(3650));
        QueryLogSettings settings = new QueryLogSettings(
                log.path("directory", standard.directory()),
                (int) retention.toDays(),
                log.size("size_max", standard.bytesMax(), 16L << 20, 1L << 44),
                log.duration("slow", standard.slow(), SHORTEST, DAY),
                log.flag("mask_literals", standard.masksLiterals()));
        log.end();
        return settings;
    }

    private static DeploymentSettings deployments(Section deployments) {
        DeploymentSettings standard = DeploymentSettings.standard();
        ApplyTerms terms = standard.apply();
        DeploymentSettings settings = new DeploymentSettings(
                deployments.whole("parallelism", standard.parallelism(), 1, 256),
                deployments.duration("busy_patience", standard.busyPatience(), Duration.ZERO, Duration.ofHours(1)),
                new ApplyTerms(
                        deployments.duration("lock_timeout", terms.lockTimeout(), SHORTEST, Duration.ofMinutes(10)),
                        deployments.whole("lock_attempts", terms.attempts(), 1, 100),
                        deployments.duration("statement_timeout", terms.statementTimeout(), SHORTEST, DAY)));
        deployments.end();
        return settings;
    }

    private static HttpSettings api(Section api) {
        HttpSettings standard = HttpSettings.on("127.0.0.1", 8480);
        HostAndPort address = api.address("address", new HostAndPort(standard.host(), standard.port()));
        HttpSettings settings = new HttpSettings(
                address.host(),
                address.port(),
                (int) api.size("body_max", standard.bodyBytesMax(), 1024, 64L << 20),
                api.whole("connections_max", standard.connectionsMax(), 1, 1_000_000),
                api.whole("event_streams_max", standard.streamsMax(), 1, 100_000),
                rate(api.section("rate_per_address"), standard.perAddress()),
                rate(api.section("rate_per_key"), standard.perKey()),
                api.flag("rate_exempts_loopback", standard.loopbackExempt()),
                api.flag("rate_exempts_operator", standard.operatorExempt()),
                ranges("forwarded_from", api),
                metrics(api));
        api.end();
        return settings;
    }

    private static Optional<HttpSettings.Place> metrics(Section api) {
        if (!api.has("metrics_address")) {
            return Optional.empty();
        }
        HostAndPort address = api.address("metrics_address", new HostAndPort("127.0.0.1", 0));
        return Optional.of(new HttpSettings.Place(address.host(), address.port()));
    }

    private static Rate rate(Section rate, Rate standard) {
        Rate found = new Rate(
                rate.whole("per_second", standard.perSecond(), 0, 1_000_000),
                rate.whole("burst", standard.burst(), 1, 1_000_000));
        rate.end();
        return found;
    }

    private static NodeConfig node(Section proxy) {
        NodeConfig standard = NodeConfig.defaults();
        proxy.has("shutdown_patience"); // Read beside the node.
        Map<String, Transport> transports = new LinkedHashMap<>();
        for (Transport transport : Transport.values()) {
            if (transport.isAvailable()) {
                transports.put(transport.name().toLowerCase(Locale.ROOT), transport);
            }
        }
        NodeConfig node = new NodeConfig(
                proxy.word("transport", standard.transport(), transports),
                proxy.whole("event_loops", standard.eventLoops(), 1, 1024),
                nodeLimits(proxy),
                proxy.whole("login_failures_max", standard.loginFailuresMax(), 1, 1_000_000),
                times(proxy),
                limits(proxy),
                links(proxy));
        proxy.end();
        return node;
    }

    private static NodeLimits nodeLimits(Section proxy) {
        NodeLimits standard = NodeLimits.defaults();
        return new NodeLimits(
                proxy.whole("connections_max", standard.connectionsMax(), 1, 10_000_000),
                proxy.size("held_max", standard.heldBytesMax(), 1L << 20, 1L << 40),
                proxy.size("statements_max", standard.keptBytesMax(), 0, 1L << 40));
    }

    private static SessionTimes times(Section proxy) {
        SessionTimes standard = SessionTimes.defaults();
        return new SessionTimes(
                proxy.duration("login_timeout", standard.login(), SHORTEST, Duration.ofMinutes(10)),
                proxy.duration("link_timeout", standard.link(), SHORTEST, Duration.ofMinutes(10)),
                standard.describe(),
                proxy.duration("revoked_unit_timeout", standard.lastUnit(), Duration.ZERO, DAY),
                standard.lastWord());
    }

    private static SessionLimits limits(Section proxy) {
        SessionLimits standard = SessionLimits.defaults();
        return new SessionLimits(
                (int) proxy.size("session_held_max", standard.heldBytesMax(), 1024, 1L << 30),
                standard.writeLowBytes(),
                standard.writeHighBytes());
    }

    private static LinkLimits links(Section proxy) {
        LinkLimits standard = LinkLimits.defaults();
        return new LinkLimits(
                standard.dialPatience(),
                proxy.whole("logins_at_once_max", standard.dialsMax(), 1, 10_000),
                proxy.whole("logins_at_once_total_max", standard.dialsTotalMax(), 1, 100_000),
                proxy.whole("warm_links_per_route_max", standard.warmMax(), 0, 100_000),
                proxy.whole("warm_links_max", standard.warmTotalMax(), 0, 1_000_000),
                proxy.duration("warm_links_kept", standard.warmPatience(), Duration.ZERO, DAY),
                proxy.duration("warm_links_age_max", standard.warmAgeMax(), SHORTEST, DAY));
    }

    private List<ListenerSettings> listeners(Section listeners) {
        List<ListenerSettings> found = new ArrayList<>();
        for (Engine engine : Engine.values()) {
            if (engines.contains(engine) && listeners.has(engine.word())) {
                found.add(listener(engine, listeners.section(engine.word())));
            }
        }
        listeners.end();
        if (found.isEmpty()) {
            listeners.mistake(engines.iterator().next().word(), "is missing, expected at least one listener");
        }
        return found;
    }

    private static ListenerSettings listener(Engine engine, Section listener) {
        HostAndPort address = listener.address("address", new HostAndPort("0.0.0.0", engine.defaultPort()));
        Plaintext plaintext = listener.word("plaintext", Plaintext.NOBODY, PLAINTEXT);
        Section tls = listener.section("tls");
        Optional<CertificateFiles> certificate = Optional.empty();
        if (listener.has("tls")) {
            CertificateFiles files = new CertificateFiles(tls.file("certificate"), tls.file("key"));
            checkCertificate(tls, files);
            certificate = Optional.of(files);
            tls.end();
        } else if (plaintext == Plaintext.NOBODY) {
            listener.mistake(
                    "tls", "is missing, expected certificate and key, or plaintext: loopback or everybody beside it");
        }
        boolean anyAddress = isAnyAddress(address.host());
        HostAndPort named = listener.address(
                "public_name", new HostAndPort(anyAddress ? "localhost" : address.host(), address.port()));
        ListenerSettings settings = new ListenerSettings(
                engine,
                address,
                new PublicEndpoint(named.host(), named.port(), certificate.isPresent()),
                serverVersion(engine, listener),
                certificate,
                plaintext,
                listener.flag("cleartext_password", false),
                listener.whole("connections_max", 10_000, 1, 10_000_000),
                ranges("proxy_protocol_from", listener));
        listener.end();
        return settings;
    }

    private static String serverVersion(Engine engine, Section listener) {
        return engine != Engine.MYSQL
                ? ""
                : listener.read(
                        "server_version",
                        ServeConfig.MYSQL_VERSION,
                        text -> SERVER_VERSION.matcher(text).matches() ? Optional.of(text) : Optional.empty(),
                        "a version such as 11.4.5-MariaDB or 8.0.36");
    }

    private static void checkCertificate(Section tls, CertificateFiles files) {
        if (!Files.isReadable(files.chain()) || !Files.isReadable(files.key())) {
            return; // Noted already.
        }
        try {
            new TlsFiles(files.chain(), files.key(), Plaintext.NOBODY, false, List.of());
        } catch (IOException fault) {
            tls.mistake("certificate", "and key cannot be used: " + fault.getMessage());
        }
    }

    /** No two can listen where one does; port 0 stands for any that is free. */
    private static void checkAddresses(Section api, Section listeners, ServeConfig config) {
        Map<HostAndPort, String> taken = new LinkedHashMap<>();
        taken.put(new HostAndPort(config.api().host(), config.api().port()), "api");
        config.api().metrics().map(at -> new HostAndPort(at.host(), at.port())).ifPresent(metrics -> {
            if (taken.keySet().stream().anyMatch(other -> overlap(other, metrics))) {
                api.mistake("metrics_address", "is " + metrics + ", which api has already");
            }
            taken.put(metrics, "api.metrics_address");
        });
        for (ListenerSettings listener : config.listeners()) {
            String word = listener.engine().word();
            taken.forEach((other, name) -> {
                if (overlap(other, listener.address())) {
                    listeners.mistake(word, "has address " + listener.address() + ", which " + name + " has already");
                }
            });
            taken.put(listener.address(), "listeners." + word);
        }
    }

    private static boolean overlap(HostAndPort a, HostAndPort b) {
        return a.port() != 0
                && a.port() == b.port()
                && (a.host().equals(b.host()) || isAnyAddress(a.host()) || isAnyAddress(b.host()));
    }

    private static boolean isAnyAddress(String host) {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    private static List<AddressRange> ranges(String key, Section section) {
        List<AddressRange> ranges = new ArrayList<>();
        for (String text : section.texts(key)) {
            try {
                ranges.add(AddressRange.parse(text));
            } catch (IllegalArgumentException _) {
                section.mistake(key, "has '" + text + "', expected networks such as 10.0.0.0/8 or ::1");
            }
        }
        return ranges;
    }
}
