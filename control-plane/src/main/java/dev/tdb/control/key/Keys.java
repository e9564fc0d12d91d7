package dev.tdb.control.key;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.secret.Tokens;
import dev.tdb.control.store.KeyRows;
import dev.tdb.control.store.ProjectRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** API keys and proxy passwords: made, listed, checked. */
public final class Keys {
    private static final int NAME_CHARS_MAX = 100;

    /** How exact {@code last_used_at} is: a write for every call would be too many. */
    private static final Duration TOUCH_INTERVAL = Duration.ofMinutes(1);

    private final StateStore store;
    private final CredentialPublisher publisher;
    private final InstantSource clock;

    public Keys(StateStore store, CredentialPublisher publisher, InstantSource clock) {
        this.store = store;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** Who presents this bearer token; throws {@code unauthorized} for an unknown or expired one. */
    public Principal authenticate(String bearer) {
        long now = clock.millis();
        KeyRows.Row key = store.read(tables -> tables.keys().findByToken(Tokens.sha256Hex(bearer), now))
                .orElseThrow(() -> new ControlException(ErrorCode.UNAUTHORIZED, "this API key is not known"));
        Long usedAt = key.lastUsedAt();
        if (usedAt == null || now - usedAt > TOUCH_INTERVAL.toMillis()) {
            store.write(tables -> {
                tables.keys().touch(key.id(), now);
                return key;
            });
        }
        String project = key.project();
        if (project == null) {
            return new Principal.Operator(key.id());
        }
        return new Principal.Member(key.id(), new ProjectId(project), scope(key), Role.parse(key.role()));
    }

    public CreatedKey create(ProjectId project, KeySpec spec) {
        if (spec.name().isBlank() || spec.name().length() > NAME_CHARS_MAX) {
            throw ControlException.badRequest("name must have 1 to " + NAME_CHARS_MAX + " characters");
        }
        ProjectRows.Row owner = owner(project);
        KeyMaker.Password password = KeyMaker.password(owner);
        CreatedKey created = store.write(tables -> {
            checkReach(tables, project, spec.scope());
            String id = KeyMaker.insertKey(tables, owner, spec, clock.millis());
            return withSecrets(tables, project, id, password);
        });
        publisher.refresh(project);
        return created;
    }

    private CreatedKey withSecrets(Tables tables, ProjectId project, String id, KeyMaker.Password password) {
        Secret token = KeyMaker.insertToken(tables, id);
        boolean proxy = !KeyScope.Type.PROJECT
                .word()
                .equals(required(tables, project, id).scopeType());
        if (proxy) {
            KeyMaker.insertPassword(tables, id, password, clock.millis());
        }
        return new CreatedKey(
                view(required(tables, project, id)), token, proxy ? Optional.of(password.plain()) : Optional.empty());
    }

    private static void checkReach(Tables tables, ProjectId project, KeyScope scope) {
        for (String value : scope.values()) {
            boolean exists = switch (scope.type()) {
                case PROJECT -> true;
                case BLUEPRINT -> tables.blueprints().find(project, value).isPresent();
                case TENANT -> tables.tenants().find(project, value).isPresent();
            };
            if (!exists) {
                throw ControlException.badRequest(
                        "scope_values: there is no " + scope.type().word() + " '" + value + "'");
            }
        }
    }

    public List<ApiKey> list(ProjectId project) {
        return store.read(tables -> tables.keys().list(project.value())).stream()
                .map(Keys::view)
                .toList();
    }

    /** Removes a key with its passwords; the sessions that were opened with them end. */
    public void delete(ProjectId project, String id) {
        store.write(tables -> {
            required(tables, project, id);
            tables.keys().delete(id);
            return id;
        });
        publisher.refresh(project);
    }

    /** New secrets for a key; the old ones work for {@code overlap}, and then the sessions end that were opened with them. */
    public CreatedKey rotate(ProjectId project, String id, Duration overlap) {
        KeyMaker.Password password = KeyMaker.password(owner(project));
        long end = clock.millis() + overlap.toMillis();
        CreatedKey rotated = store.write(tables -> {
            required(tables, project, id);
            tables.keys().expireTokens(id, end);
            tables.credentials().expire(id, end);
            return withSecrets(tables, project, id, password);
        });
        publisher.refresh(project);
        return rotated;
    }

    /**
     * Makes the operator's key when there is none yet. It is shown before it is kept: so none is kept that nobody has seen,
     * whatever fails, and a start that failed is made up for by the next.
     */
    public void makeFirstOperator(Consumer<Secret> show) {
        store.write(tables -> {
            if (tables.keys().operators().isEmpty()) {
                show.accept(KeyMaker.insertOperator(tables, clock.millis()));
            }
            return tables;
        });
    }

    /** A new operator's key; the old one works for {@code overlap}. */
    public Secret rotateOperator(Duration overlap) {
        return store.write(tables -> KeyMaker.rotateOperator(tables, clock.millis(), overlap));
    }

    private ProjectRows.Row owner(ProjectId project) {
        return store.read(tables -> tables.projects().find(project))
                .orElseThrow(() -> ControlException.notFound("Project not found: " + project));
    }

    private static KeyRows.Row required(Tables tables, ProjectId project, String id) {
        return tables.keys()
                .find(project.value(), id)
                .orElseThrow(() -> ControlException.notFound("API key not found: " + id));
    }

    private static KeyScope scope(KeyRows.Row row) {
        return new KeyScope(KeyScope.Type.parse(row.scopeType()), row.scopeValues());
    }

    private static ApiKey view(KeyRows.Row row) {
        String project = row.project();
        if (project == null) {
            throw new IllegalStateException("operator key " + row.id() + " belongs to no project");
        }
        return new ApiKey(
                row.id(),
                new ProjectId(project),
                row.name(),
                Role.parse(row.role()),
                scope(row),
                row.proxy(),
                Instant.ofEpochMilli(row.createdAt()),
                Optional.ofNullable(row.lastUsedAt()).map(Instant::ofEpochMilli));
    }
}
