package dev.tdb.control.plane;

import dev.tdb.control.ControlException;
import dev.tdb.control.answer.AnswerBounds;
import dev.tdb.control.answer.KeptAnswers;
import dev.tdb.control.blueprint.Blueprints;
import dev.tdb.control.blueprint.VersionRemoval;
import dev.tdb.control.blueprint.VersionScripts;
import dev.tdb.control.cutover.Cutover;
import dev.tdb.control.deployment.Deployments;
import dev.tdb.control.deployment.TenantDeploy;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.engine.LiteralMask;
import dev.tdb.control.event.Events;
import dev.tdb.control.host.HostAccess;
import dev.tdb.control.host.Hosts;
import dev.tdb.control.key.CredentialPublisher;
import dev.tdb.control.key.Keys;
import dev.tdb.control.mysql.MySqlAdapter;
import dev.tdb.control.operation.Journal;
import dev.tdb.control.operation.Leftovers;
import dev.tdb.control.operation.Operations;
import dev.tdb.control.postgres.PostgresAdapter;
import dev.tdb.control.project.Projects;
import dev.tdb.control.query.Queries;
import dev.tdb.control.querylog.QueryLog;
import dev.tdb.control.querylog.QueryLogWriter;
import dev.tdb.control.route.Routes;
import dev.tdb.control.secret.EncryptionKeys;
import dev.tdb.control.secret.SecretCipher;
import dev.tdb.control.secret.Tokens;
import dev.tdb.control.snapshot.LoginSafe;
import dev.tdb.control.snapshot.RouteBook;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.tenant.ConnectionStrings;
import dev.tdb.control.tenant.DatabaseAddition;
import dev.tdb.control.tenant.DatabaseBuild;
import dev.tdb.control.tenant.DatabaseOpening;
import dev.tdb.control.tenant.LoginKeeper;
import dev.tdb.control.tenant.Suspensions;
import dev.tdb.control.tenant.TenantCreation;
import dev.tdb.control.tenant.TenantRecovery;
import dev.tdb.control.tenant.TenantRemoval;
import dev.tdb.control.tenant.TenantReservation;
import dev.tdb.control.tenant.Tenants;
import dev.tdb.control.tenant.TrashKeeper;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.hold.RouteControl;
import dev.tdb.proxy.observe.QueryEvents;
import dev.tdb.proxy.route.Engine;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All services over one control database. Opening it migrates the database, publishes every route and credential to
 * the data path and takes up what an earlier process left unfinished.
 */
public final class ControlPlane implements AutoCloseable {
    static final String MOCK_SECRET = "mock_secret";
    private static final int MOCK_SECRET_BYTES = 32;

    private final StateStore store;
    private final Leftovers leftovers;
    private final QueryLogWriter queryLogWriter;
    private final LoginKeeper loginKeeper;
    private final TrashKeeper trashKeeper;
    private final KeptAnswers keptAnswers;
    private final Projects projects;
    private final Keys keys;
    private final Hosts hosts;
    private final Blueprints blueprints;
    private final VersionRemoval versionRemoval;
    private final Tenants tenants;
    private final Routes routes;
    private final Operations operations;
    private final Deployments deployments;
    private final Retries retries;
    private final Queries queries;
    private final Events events;
    private final QueryLog queryLog;
    private final ConnectionStrings connectionStrings;

    private ControlPlane(
            ControlSettings settings,
            StateStore store,
            RouteControl dataPath,
            QueryEvents queries,
            Map<Engine, EngineAdapter> engines) {
        InstantSource clock = settings.clock();
        SecretCipher cipher =
                new SecretCipher(EncryptionKeys.load(settings.keyFile(), System.getenv(EncryptionKeys.VARIABLE)));
        this.store = store;
        this.events = new Events(clock);
        this.leftovers = new Leftovers(store);
        Journal journal = new Journal(store, leftovers, events, clock);
        HostAccess access = new HostAccess(store, cipher, engines);
        LoginSafe logins = new LoginSafe(cipher);
        RouteBook book = new RouteBook(store, logins, dataPath);
        CredentialPublisher credentials = new CredentialPublisher(store, dataPath, mockSecret(store, cipher), clock);
        Suspensions suspensions = new Suspensions(journal, book, dataPath, events, clock);
        VersionScripts scripts = VersionScripts.open(store, cipher);
        TenantReservation reservation = new TenantReservation(store, journal, access, logins, clock);
        DatabaseBuild build = new DatabaseBuild(store, journal, access, logins, scripts);
        DatabaseOpening opening = new DatabaseOpening(store, journal, build, book, events, clock);
        TenantCreation creation = new TenantCreation(reservation, build, opening, store, journal, credentials, clock);
        DatabaseAddition addition = new DatabaseAddition(reservation, build, opening, store, journal);
        TenantRemoval removal = new TenantRemoval(store, journal, access, book, credentials, events, clock);
        Cutover cutover = new Cutover(store, journal, leftovers, access, book, dataPath, logins, events, clock);
        this.projects = new Projects(store, credentials, clock);
        this.keys = new Keys(store, credentials, clock);
        this.hosts = new Hosts(store, access, events, clock);
        this.blueprints = new Blueprints(store, access, clock);
        this.versionRemoval = new VersionRemoval(store, access, scripts);
        this.tenants = new Tenants(store, creation, addition, removal, suspensions);
        this.routes = new Routes(store, cutover, suspensions);
        this.operations = new Operations(store);
        TenantDeploy deploy =
                new TenantDeploy(store, journal, access, logins, scripts, settings.deployments(), events, clock);
        this.deployments = new Deployments(store, journal, access, deploy, settings.deployments(), clock);
        this.retries = new Retries(tenants, deployments, operations);
        this.queries = new Queries(store, access, logins, queries, clock);
        this.queryLogWriter = new QueryLogWriter(queries, settings.queryLog(), masks(engines), clock);
        this.queryLog = new QueryLog(settings.queryLog(), queries, queryLogWriter, clock);
        this.connectionStrings = new ConnectionStrings(settings.endpoints());
        this.loginKeeper = new LoginKeeper(store, access, logins);
        this.trashKeeper = new TrashKeeper(store, removal, settings.trashKept(), clock);
        this.keptAnswers = new KeptAnswers(store, cipher, AnswerBounds.standard(), clock);
        book.load().join();
        credentials.load();
        Recovery recovery = new Recovery(new TenantRecovery(creation, addition, removal, suspensions), cutover);
        leftovers.endWith(recovery::end);
        leftovers.endAll();
        deployments.resume();
        queryLogWriter.start();
        loginKeeper.start();
        trashKeeper.start();
        keptAnswers.start();
    }

    private static Map<Engine, LiteralMask> masks(Map<Engine, EngineAdapter> engines) {
        Map<Engine, LiteralMask> masks = new EnumMap<>(Engine.class);
        for (Engine engine : Engine.values()) {
            EngineAdapter adapter = engines.get(engine);
            masks.put(engine, adapter == null ? LiteralMask.everything() : adapter.literals());
        }
        return masks;
    }

    /** Of the installation, made at the first start. */
    private static Secret mockSecret(StateStore store, SecretCipher cipher) {
        return store.write(tables -> tables.installation()
                .find(MOCK_SECRET)
                .map(kept -> cipher.decrypt(kept, MOCK_SECRET))
                .orElseGet(() -> {
                    Secret made = Tokens.bytes(MOCK_SECRET_BYTES);
                    tables.installation().put(MOCK_SECRET, cipher.encrypt(made, MOCK_SECRET));
                    return made;
                }));
    }

    /** Blocks until the first route table is published. */
    public static ControlPlane open(ControlSettings settings, RouteControl dataPath, QueryEvents queries) {
        return open(
                settings,
                dataPath,
                queries,
                Map.of(Engine.POSTGRES, PostgresAdapter.standard(), Engine.MYSQL, MySqlAdapter.standard()));
    }

    /** As {@link #open(ControlSettings, RouteControl, QueryEvents)}, with other adapters. */
    static ControlPlane open(
            ControlSettings settings, RouteControl dataPath, QueryEvents queries, Map<Engine, EngineAdapter> engines) {
        StateStore store = StateStore.open(settings.store());
        try {
            return new ControlPlane(settings, store, dataPath, queries, engines);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    public Projects projects() {
        return projects;
    }

    public Keys keys() {
        return keys;
    }

    public Hosts hosts() {
        return hosts;
    }

    public Blueprints blueprints() {
        return blueprints;
    }

    public VersionRemoval versionRemoval() {
        return versionRemoval;
    }

    public Tenants tenants() {
        return tenants;
    }

    public Routes routes() {
        return routes;
    }

    public Operations operations() {
        return operations;
    }

    public Deployments deployments() {
        return deployments;
    }

    public Retries retries() {
        return retries;
    }

    public Queries queries() {
        return queries;
    }

    public Events events() {
        return events;
    }

    public QueryLog queryLog() {
        return queryLog;
    }

    public ConnectionStrings connectionStrings() {
        return connectionStrings;
    }

    public KeptAnswers keptAnswers() {
        return keptAnswers;
    }

    /** The parts that must work for the control plane to be ready, each with what is wrong with it, or "". */
    public Map<String, String> readiness() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("control_database", answers() ? "" : "the control database does not answer");
        return parts;
    }

    private boolean answers() {
        try {
            return store.read(tables -> tables.installation().find(MOCK_SECRET).isPresent());
        } catch (ControlException e) {
            return false;
        }
    }

    /** Puts logins on servers back that were changed by who uses them, as is done every minute. @return which */
    public List<String> mendLogins() {
        return loginKeeper.round();
    }

    /** Removes for good what has been in the trash for long enough, as is done every minute. */
    public void emptyTrash() {
        trashKeeper.round();
    }

    /** Ends what can be ended now of deployments, writes what waits for the query log, then lets go of the database. */
    @Override
    public void close() {
        leftovers.close();
        loginKeeper.close();
        trashKeeper.close();
        keptAnswers.close();
        deployments.close();
        queryLogWriter.close();
        store.close();
    }
}
