package dev.tdb.admin.http;

import dev.tdb.control.ControlException;
import dev.tdb.control.answer.KeptAnswers;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTTP server: Javalin on virtual threads, one handler for each {@link Endpoint}, and the envelope around whatever
 * comes of it. Every request has an id, one line in the access log and one sample in the meters.
 */
public final class HttpServer implements AutoCloseable {
    static final String CALLER = "tdb.caller";
    static final String CLIENT = "tdb.client";
    private static final String REQUEST_ID = "tdb.request_id";
    private static final Pattern REQUEST_ID_GIVEN = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final String JSON_TYPE = "application/json; charset=utf-8";

    /**
     * How long a connection is kept that nobody uses: longer than clients and reverse proxies keep theirs (60 s and less
     * unless told otherwise), so that none sends a request into a connection that is just being closed.
     */
    private static final Duration IDLE = Duration.ofSeconds(75);

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final Logger ACCESS = LoggerFactory.getLogger("dev.tdb.admin.access");
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private final HttpSettings settings;
    private final List<Endpoint> endpoints;
    private final Front front;
    private final MeterRegistry meters;
    private final AtomicInteger streams = new AtomicInteger();
    private volatile boolean closing;
    private final Javalin javalin;

    public HttpServer(
            HttpSettings settings,
            List<Endpoint> endpoints,
            Authenticator keys,
            RateLimits limits,
            KeptAnswers answers,
            MeterRegistry meters) {
        this.settings = settings;
        this.endpoints = List.copyOf(endpoints);
        this.front = new Front(settings, keys, limits, new Replays(answers, JSON));
        this.meters = meters;
        this.javalin = Javalin.create(this::configure);
    }

    /**
     * Binds and serves.
     *
     * @return the port
     * @throws UncheckedIOException with a sentence when it cannot be bound
     */
    public int start() {
        requireFree();
        return javalin.start().port();
    }

    /** Asked beforehand, since Javalin's own word on it is a stack in the log. */
    private void requireFree() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(settings.host(), settings.port()));
        } catch (IOException fault) {
            throw new UncheckedIOException(new IOException("the API cannot listen on " + settings.host() + " port "
                    + settings.port() + ": " + fault.getMessage()));
        }
    }

    /** Stops listening and waits shortly for requests that run. */
    @Override
    public void close() {
        closing = true;
        javalin.stop();
    }

    private void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.concurrency.useVirtualThreads = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.prefer405over404 = true;
        config.http.maxRequestSize = settings.bodyBytesMax() + 1L;
        config.router.ignoreTrailingSlashes = true;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setIdleTimeout(IDLE.toMillis());
        });
        config.jetty.addConnector(this::connector);
        config.jetty.modifyServer(server -> {
            server.setStopTimeout(2000);
            server.setErrorHandler(new EnvelopedErrors());
            server.addBean(new NetworkConnectionLimit(settings.connectionsMax(), server));
        });
        config.jetty.modifyServletContextHandler(handler -> handler.setErrorHandler(new EnvelopedErrors()));
        config.routes.before(HttpServer::begin);
        for (Endpoint endpoint : endpoints) {
            config.routes.addHttpHandler(
                    HandlerType.findOrCreate(endpoint.method()), endpoint.path(), context -> serve(context, endpoint));
            if (endpoint.method().equals("GET")) {
                // Asked what GET would be asked; left alone, the server would say 200 to whoever comes.
                config.routes.addHttpHandler(HandlerType.HEAD, endpoint.path(), context -> serve(context, endpoint));
            }
        }
        config.routes.exception(Failure.class, (failure, context) -> write(context, Reply.of(failure)));
        config.routes.exception(ControlException.class, HttpServer::refused);
        config.routes.exception(
                HttpResponseException.class,
                (failure, context) -> write(context, Reply.of(translated(failure, context))));
        config.routes.exception(Exception.class, (fault, context) -> write(context, internalError(fault, context)));
        config.requestLogger.http(this::logged);
    }

    /** Whoever comes at once with others waits to be accepted, as many as may be connected. */
    private ServerConnector connector(Server server, HttpConfiguration http) {
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptQueueSize(settings.connectionsMax());
        return connector;
    }

    private static void begin(Context context) {
        String given = context.header("X-Request-Id");
        String id = given != null && REQUEST_ID_GIVEN.matcher(given).matches()
                ? given
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        context.attribute(REQUEST_ID, id);
        context.header("X-Request-Id", id);
        context.header("Cache-Control", "no-store");
        context.header("X-Content-Type-Options", "nosniff");
    }

    private void serve(Context context, Endpoint endpoint) {
        switch (endpoint.answer()) {
            case Answer.Enveloped enveloped -> write(context, front.answer(context, endpoint, enveloped));
            case Answer.Document(String contentType, var text) -> {
                front.letIn(context, endpoint, contentType);
                send(context, contentType, text.get().getBytes(StandardCharsets.UTF_8));
            }
            case Answer.Stream stream -> {
                Request request = front.letIn(context, endpoint, "text/event-stream");
                Bodies.skip(context);
                stream(context, stream.open(request));
            }
        }
    }

    /** On the request's own virtual thread, for as long as the client stays. */
    private void stream(Context context, Answer.Feed feed) {
        if (streams.incrementAndGet() > settings.streamsMax()) {
            streams.decrementAndGet();
            throw Failure.rateLimited(10);
        }
        try {
            context.contentType("text/event-stream; charset=utf-8").header("X-Accel-Buffering", "no");
            if (!context.method().equals(HandlerType.HEAD)) {
                feed.run(new EventStream(context.res().getOutputStream(), JSON, () -> closing));
            }
        } catch (IOException _) {
            // The client left before the first event.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            streams.decrementAndGet();
        }
    }

    private static void write(Context context, Reply reply) {
        Map<String, Object> fields = reply.enveloped();
        if (reply.code() == Code.INTERNAL_ERROR) {
            fields.put("request_id", requestId(context));
        }
        reply.headers().forEach(context::header);
        context.status(reply.code().status());
        send(context, JSON_TYPE, JSON.writeValueAsBytes(fields));
    }

    private static void send(Context context, String contentType, byte[] bytes) {
        boolean whole = Bodies.skip(context);
        context.contentType(contentType);
        if (whole || context.method().equals(HandlerType.HEAD)) {
            context.result(bytes);
            return;
        }
        try {
            context.res().setContentLength(bytes.length);
            context.res().getOutputStream().write(bytes);
            context.res().flushBuffer();
            Bodies.linger(context);
        } catch (IOException _) {
            // The client left before its reply.
        }
    }

    private static String requestId(Context context) {
        return Objects.requireNonNullElse(context.<String>attribute(REQUEST_ID), "-");
    }

    private Failure translated(HttpResponseException failure, Context context) {
        Code code = Code.ofStatus(failure.getStatus()).orElse(Code.BAD_REQUEST);
        if (code == Code.NOT_FOUND) {
            return Failure.notFound("there is no " + context.method() + " " + Shown.of(context.path()));
        }
        if (code == Code.METHOD_NOT_ALLOWED) {
            String allowed = Objects.requireNonNullElse(failure.getDetails().get("availableMethods"), "");
            return Failure.of(
                            code, Shown.of(context.path()) + " does not take " + context.method() + ", but " + allowed)
                    .withHeader("Allow", allowed);
        }
        return Failure.of(code, Objects.requireNonNullElse(failure.getMessage(), code.meaning()));
    }

    private static void refused(ControlException refusal, Context context) {
        Reply reply = Reply.of(refusal);
        write(context, reply.code() == Code.INTERNAL_ERROR ? internalError(refusal, context) : reply);
    }

    private static Reply internalError(Exception fault, Context context) {
        LOG.atError()
                .addKeyValue("request_id", requestId(context))
                .addKeyValue("method", context.method())
                .addKeyValue("path", Shown.of(context.path()))
                .setCause(fault)
                .log("request failed");
        return Reply.of(
                Failure.of(Code.INTERNAL_ERROR, "a fault of tdb; its log has the details under this request_id"));
    }

    private void logged(Context context, Float millis) {
        String method = context.method().equals(HandlerType.HEAD)
                ? "GET"
                : context.method().name();
        String path = endpoints.stream()
                .filter(endpoint -> endpoint.method().equals(method))
                .filter(endpoint -> endpoint.path().equals(context.endpoint().path))
                .map(Endpoint::path)
                .findFirst()
                .orElse("other");
        Timer.builder("admin.http.requests")
                .tag("method", path.equals("other") ? "other" : context.method().name())
                .tag("path", path)
                .tag("status", Integer.toString(context.statusCode()))
                .register(meters)
                .record(Duration.ofNanos((long) (millis * 1e6)));
        ACCESS.atInfo()
                .addKeyValue("request_id", requestId(context))
                .addKeyValue("method", context.method())
                .addKeyValue("path", Shown.of(context.path()))
                .addKeyValue("status", context.statusCode())
                .addKeyValue("ms", millis)
                .addKeyValue("caller", Objects.requireNonNullElse(context.<String>attribute(CALLER), "-"))
                .addKeyValue("client", Objects.requireNonNullElse(context.<String>attribute(CLIENT), context.ip()))
                .log("request");
    }
}
