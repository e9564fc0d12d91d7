package dev.tdb.control.snapshot;

import dev.tdb.control.engine.TenantLogin;
import dev.tdb.control.secret.SecretCipher;
import dev.tdb.control.secret.Tokens;
import dev.tdb.control.store.LoginRows;
import dev.tdb.control.store.Tables;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Role;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.route.BackendLogin;
import dev.tdb.proxy.route.DatabaseName;
import java.util.ArrayList;
import java.util.List;

/** The logins of tenant databases: made at random for each role and epoch, kept encrypted. */
public final class LoginSafe {
    private final SecretCipher cipher;

    public LoginSafe(SecretCipher cipher) {
        this.cipher = cipher;
    }

    /** Makes one login for each role and keeps them; nothing is sent to a server. */
    public List<TenantLogin> make(Tables tables, ProjectId project, DatabaseName name, long epoch, long now) {
        List<TenantLogin> logins = new ArrayList<>();
        for (Role role : Role.values()) {
            String user = Tokens.backendUser();
            Secret password = Tokens.backendPassword();
            tables.logins()
                    .insert(
                            new LoginRows.Row(project, name, role, epoch, user, cipher.encrypt(password, place(user))),
                            now);
            logins.add(new TenantLogin(role, new BackendLogin(user, password)));
        }
        return logins;
    }

    public List<TenantLogin> open(List<LoginRows.Row> rows) {
        return rows.stream().map(this::open).toList();
    }

    public TenantLogin open(LoginRows.Row row) {
        return new TenantLogin(
                row.role(), new BackendLogin(row.user(), cipher.decrypt(row.password(), place(row.user()))));
    }

    public static List<String> users(List<LoginRows.Row> rows) {
        return rows.stream().map(LoginRows.Row::user).toList();
    }

    /** Where a login's password is kept, as its encryption is bound to it. */
    public static String place(String user) {
        return "login/" + user;
    }
}
