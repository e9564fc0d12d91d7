package dev.tdb.postgres.frontend;

import dev.tdb.postgres.codec.ClientEncoding;
import dev.tdb.postgres.codec.CustomSettings;
import dev.tdb.postgres.codec.FrontendType;
import dev.tdb.postgres.codec.ParsedStatement;
import dev.tdb.postgres.codec.RequestLedger;
import dev.tdb.postgres.codec.StatementBook;
import dev.tdb.proxy.relay.KeptBytes;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a session remembers of its talk so far; both directions read and write it. Belongs to its event loop. */
final class SessionMemory implements RequestLedger.Dropped {
    private static final int PORTALS_MAX = 1000;

    final RequestLedger ledger = new RequestLedger();
    final StatementBook statements;
    final CustomSettings customSettings = new CustomSettings();

    private Charset charset = StandardCharsets.UTF_8;
    private @Nullable ParsedStatement unnamedPortal;
    private @Nullable Map<String, ParsedStatement> portals;

    SessionMemory(KeptBytes shared) {
        this.statements = new StatementBook(QueryReporter.TEXT_BYTES_MAX, shared);
    }

    /** The client's encoding, for the query log. */
    Charset charset() {
        return charset;
    }

    void clientEncoding(@Nullable String name) {
        charset = name == null ? StandardCharsets.UTF_8 : ClientEncoding.charset(name);
    }

    /** A portal was bound; its name is empty for the unnamed one. */
    void bound(String portal, @Nullable ParsedStatement statement) {
        if (portal.isEmpty()) {
            unnamedPortal = statement;
            return;
        }
        if (portals == null) {
            portals = new HashMap<>();
        }
        if (statement == null) {
            portals.remove(portal);
        } else if (portals.size() < PORTALS_MAX) {
            portals.put(portal, statement);
        }
    }

    @Nullable
    ParsedStatement portal(String name) {
        if (name.isEmpty()) {
            return unnamedPortal;
        }
        return portals == null ? null : portals.get(name);
    }

    /** The transaction is over, and with it its portals; those of a cursor WITH HOLD have no statement of ours. */
    void transactionEnded() {
        if (portals != null && ledger.isAtRest()) {
            portals = null;
        }
    }

    @Override
    public void dropped(byte kind, @Nullable Object subject) {
        if (subject instanceof ParsedStatement statement) {
            if (kind == FrontendType.PARSE) {
                statements.parseDropped(statement);
            } else if (kind == FrontendType.CLOSE) {
                statements.closeDropped(statement);
            }
        }
    }

    void clear() {
        ledger.clear();
        statements.clear();
        customSettings.clear();
        portals = null;
        unnamedPortal = null;
    }
}
