package dev.tdb.control.query;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.cutover.Cutover;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.EngineException;
import dev.tdb.control.engine.QueryBounds;
import dev.tdb.control.engine.QueryResult;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.store.BlueprintRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.observe.QueryEvent;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs queries of the API on tenants' databases, with the login whose role may change data and owns nothing: what its
 * words do not give away as DDL, the server refuses. Rows, bytes, time and tenants at a time are bounded.
 */
public final class Queries {
    private static final Role ROLE = Role.WRITE;
    private static final int PARALLELISM = 4;

    /** Of all rows that one call answers, as text. */
    private static final int BYTES_MAX = 16 << 20;

    /** Of one call; tenants whose turn it is not by then are not asked. */
    private static final Duration CALL_MAX = Duration.ofMinutes(2);

    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String FAILED_WITHOUT_CODE = "XX000";

    private final StateStore store;
    private final HostAccess access;
    private final LoginSafe logins;
    private final QueryEvents events;
    private final InstantSource clock;

    /** Of all calls together. */
    private final Semaphore turns = new Semaphore(PARALLELISM, true);

    public Queries(StateStore store, HostAccess access, LoginSafe logins, QueryEvents events, InstantSource clock) {
        this.store = store;
        this.access = access;
        this.logins = logins;
        this.events = events;
        this.clock = clock;
    }

    /** Asks one tenant; its refusal is thrown. */
    public TenantAnswer.Answered ask(ProjectId project, String tenant, AdminQuery query) {
        EngineAdapter engine = engine(project, query);
        try {
            return ask(engine, project, tenant, query, QueryBounds.standard());
        } catch (EngineException e) {
            throw refusal(e);
        }
    }

    private static ControlException refusal(EngineException e) {
        String sentence = e.sentence() + (e.code().isEmpty() ? "" : " (" + e.code() + ")");
        if (e.unreachable()) {
            return new ControlException(ErrorCode.CONFLICT, sentence, e);
        }
        return new ControlException(
                e.code().equals(INSUFFICIENT_PRIVILEGE) ? ErrorCode.PERMISSION_DENIED : ErrorCode.BAD_REQUEST,
                sentence,
                e);
    }

    /** Asks every tenant of the blueprint that is not in the trash, in the order of their names. */
    public List<TenantAnswer> askAll(ProjectId project, AdminQuery query) {
        EngineAdapter engine = engine(project, query);
        List<String> tenants = store.read(tables -> tables.tenants().keptWithBlueprint(project, query.blueprint()));
        AtomicInteger bytesLeft = new AtomicInteger(BYTES_MAX);
        long deadline = System.nanoTime() + CALL_MAX.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<TenantAnswer>> answers = tenants.stream()
                    .map(tenant -> threads.submit(() -> answer(engine, project, tenant, query, bytesLeft, deadline)))
                    .toList();
            return answers.stream().map(Queries::join).toList();
        }
    }

    private static TenantAnswer join(Future<TenantAnswer> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while tenants were asked", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a tenant could not be asked", e);
        }
    }

    private TenantAnswer answer(
            EngineAdapter engine,
            ProjectId project,
            String tenant,
            AdminQuery query,
            AtomicInteger bytesLeft,
            long deadline)
            throws InterruptedException {
        if (!turns.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
            return new TenantAnswer.Refused(
                    tenant, "", "not asked: the time of the call was over. Ask this tenant by itself");
        }
        try {
            QueryBounds bounds = QueryBounds.standard().within(Math.max(0, bytesLeft.get()));
            TenantAnswer.Answered answered = ask(engine, project, tenant, query, bounds);
            bytesLeft.addAndGet(-answered.result().bytes());
            return answered;
        } catch (EngineException e) {
            return new TenantAnswer.Refused(tenant, e.code(), e.sentence());
        } catch (ControlException e) {
            return new TenantAnswer.Refused(tenant, "", e.sentence());
        } finally {
            turns.release();
        }
    }

    /** Throws {@code bad_request} for a statement that shall not run. */
    private EngineAdapter engine(ProjectId project, AdminQuery query) {
        BlueprintRows.Row blueprint = store.read(tables -> tables.blueprints().find(project, query.blueprint()))
                .orElseThrow(() -> ControlException.notFound("Blueprint not found: " + query.blueprint()));
        EngineAdapter engine = access.engine(blueprint.engine());
        engine.unfitForQuery(query.statement()).ifPresent(why -> {
            throw ControlException.badRequest("the query " + why);
        });
        return engine;
    }

    private TenantAnswer.Answered ask(
            EngineAdapter engine, ProjectId project, String tenant, AdminQuery query, QueryBounds bounds) {
        RouteRows.Row route = store.read(tables -> open(tables, project, tenant, query.blueprint()));
        Instant startedAt = clock.instant();
        long began = System.nanoTime();
        try {
            QueryResult result = engine.query(
                    route.place().address(),
                    route.place().tls(),
                    route.database(),
                    login(route),
                    query.statement(),
                    bounds);
            Duration duration = Duration.ofNanos(System.nanoTime() - began);
            tell(route, query, startedAt, duration, "", "", result.rowCount(), result.bytes());
            return new TenantAnswer.Answered(tenant, result, duration);
        } catch (EngineException e) {
            String code = e.code().isEmpty() ? FAILED_WITHOUT_CODE : e.code();
            tell(route, query, startedAt, Duration.ofNanos(System.nanoTime() - began), code, e.sentence(), -1, 0);
            throw e;
        }
    }

    /** The route of a tenant whose queries run. */
    private static RouteRows.Row open(Tables tables, ProjectId project, String tenant, String blueprint) {
        if (tables.tenants().find(project, tenant).isEmpty()) {
            throw ControlException.notFound("Tenant not found: " + tenant);
        }
        RouteRows.Row route = tables.routes()
                .find(project, new DatabaseName(blueprint, tenant))
                .orElseThrow(() -> ControlException.badRequest(
                        "tenant '" + tenant + "' has no database of blueprint '" + blueprint + "'"));
        if (!route.state().equals(RouteRows.OPEN)) {
            throw ControlException.conflict("Tenant '" + tenant + "' is not asked: its route is " + route.state()
                    + (route.state().equals(RouteRows.SUSPENDED) ? ". Use POST /tenants/" + tenant + "/resume" : ""));
        }
        tables.operations()
                .findRunning(project, tenant)
                .filter(running -> running.type().equals(Cutover.TYPE))
                .ifPresent(running -> {
                    throw ControlException.conflict(
                            "Tenant '" + tenant + "' is not asked: a flip is running, " + running.id()
                                    + ". Wait until it has ended",
                            running.id());
                });
        return route;
    }

    private BackendLogin login(RouteRows.Row route) {
        return store
                .read(tables ->
                        tables.logins().of(route.key().project(), route.key().database(), route.loginEpoch()))
                .stream()
                .filter(row -> row.role() == ROLE)
                .findFirst()
                .map(row -> logins.open(row).login())
                .orElseThrow();
    }

    /** To what one event may carry, in whole characters. */
    private static String cut(String text) {
        ByteBuffer bytes = ByteBuffer.allocate(QueryEvent.TEXT_BYTES_MAX);
        StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text), bytes, true);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    private void tell(
            RouteRows.Row route,
            AdminQuery query,
            Instant startedAt,
            Duration duration,
            String errorCode,
            String error,
            long rows,
            long bytes) {
        events.offer(new QueryEvent(
                route.key(),
                QueryEvent.Source.API,
                startedAt.getEpochSecond() * 1_000_000 + startedAt.getNano() / 1000,
                query.caller(),
                query.client(),
                cut(query.statement()),
                errorCode,
                error,
                duration.toNanos(),
                0,
                rows,
                bytes));
    }
}
