package dev.tdb.control.host;

import dev.tdb.control.ControlException;
import dev.tdb.control.ErrorCode;
import dev.tdb.control.engine.AdminAccess;
import dev.tdb.control.engine.EngineAdapter;
import dev.tdb.control.secret.SecretCipher;
import dev.tdb.control.store.HostRows;
import dev.tdb.control.store.RouteRows;
import dev.tdb.control.store.StateStore;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.Engine;
import java.util.Map;
import java.util.Optional;

/** Opens the administrators' passwords, for whoever must log in to a host, and knows who speaks to which engine. */
public final class HostAccess {
    private final StateStore store;
    private final SecretCipher cipher;
    private final Map<Engine, EngineAdapter> engines;

    public HostAccess(StateStore store, SecretCipher cipher, Map<Engine, EngineAdapter> engines) {
        this.store = store;
        this.cipher = cipher;
        this.engines = Map.copyOf(engines);
    }

    /** Throws {@code not_implemented} for an engine this build cannot administer. */
    public EngineAdapter engine(Engine engine) {
        return engineIfAny(engine)
                .orElseThrow(() -> new ControlException(
                        ErrorCode.NOT_IMPLEMENTED, engine.title() + " databases cannot be managed by this build yet"));
    }

    public Optional<EngineAdapter> engineIfAny(Engine engine) {
        return Optional.ofNullable(engines.get(engine));
    }

    /** How to log in at a place: with the credentials of the host that stands behind it, at the place's own address. */
    public AdminAccess admin(RouteRows.Place place) {
        HostRows.Row host = store.read(tables -> tables.hosts().find(place.adminHostId()))
                .orElseThrow(() -> new IllegalStateException("host " + place.adminHostId() + " is gone"));
        return new AdminAccess(place.address(), place.tls(), host.adminUser(), password(host));
    }

    public AdminAccess admin(HostRows.Row host) {
        return new AdminAccess(host.address(), host.tls(), host.adminUser(), password(host));
    }

    public static RouteRows.Place place(HostRows.Row host) {
        return new RouteRows.Place(host.id(), host.id(), host.address(), host.tls());
    }

    /** Where an administrator's password is kept, as its encryption is bound to it. */
    public static String secretPlace(String hostId) {
        return "host/" + hostId;
    }

    String seal(String hostId, Secret password) {
        return cipher.encrypt(password, secretPlace(hostId));
    }

    private Secret password(HostRows.Row host) {
        return cipher.decrypt(host.adminPassword(), secretPlace(host.id()));
    }
}
