package dev.tdb.proxy.toy;

import dev.tdb.proxy.credential.Credential;
import dev.tdb.proxy.credential.CredentialBook;
import dev.tdb.proxy.credential.ProjectId;
import dev.tdb.proxy.credential.Secret;
import dev.tdb.proxy.frontend.ClientHandshake;
import dev.tdb.proxy.frontend.Login;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.refusal.Refusal;
import dev.tdb.proxy.route.DatabaseName;
import dev.tdb.proxy.route.Engine;
import dev.tdb.proxy.route.RouteKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code LOGIN user password database}, before it {@code TLS} if wanted; or {@code CANCEL number secret}. {@code PROVE} is
 * a login that goes on at {@code ENTER}, as one whose proof takes time to check.
 */
final class ToyHandshake implements ClientHandshake {
    private final Actions actions;
    private Runnable enter = () -> {
        throw new ProtocolViolation("nothing was proved");
    };
    private boolean over;

    ToyHandshake(Actions actions) {
        this.actions = actions;
    }

    @Override
    public void onConnected() {
        say("HELLO");
    }

    @Override
    public void onTls() {
        say("SECURE");
    }

    @Override
    public void onBytes(ByteBuf in) {
        while (!over) {
            Optional<String> line = Lines.next(in);
            if (line.isEmpty()) {
                return;
            }
            String[] words = line.get().split(" ", -1);
            switch (words[0]) {
                case "TLS" -> {
                    say("TLS");
                    // Like MySQL's, a client may begin its handshake at once; like PostgreSQL's, it must not do else.
                    boolean begun = in.isReadable() && in.getByte(in.readerIndex()) == 0x16;
                    actions.startTls(begun ? in.readRetainedSlice(in.readableBytes()) : Unpooled.EMPTY_BUFFER);
                    return;
                }
                case "LOGIN" -> {
                    login(words[1], words[2], words[3]);
                    if (!over) {
                        over = true;
                        enter.run();
                    }
                }
                case "PROVE" -> {
                    login(words[1], words[2], words[3]);
                    if (!over) {
                        say("PROVED");
                    }
                }
                case "ENTER" -> {
                    over = true;
                    enter.run();
                }
                case "CANCEL" -> {
                    over = true;
                    actions.cancel(Integer.parseInt(words[1]), Secret.of(words[2]));
                }
                default -> throw new ProtocolViolation("no login: " + words[0]);
            }
        }
    }

    private void login(String user, String password, String database) {
        Optional<Refusal> throttled = actions.throttled(user);
        if (throttled.isPresent()) {
            over = true;
            actions.reject(throttled.get());
            return;
        }
        if (!actions.isTlsActive() && !actions.isPlaintextAllowed()) {
            over = true;
            actions.reject(new Refusal.TlsRequired());
            return;
        }
        DatabaseName name = DatabaseName.parse(database).orElseThrow();
        ProjectId project = new ProjectId(user);
        Secret token = CredentialBook.tokenSha256(Secret.of(password));
        Optional<Credential> credential = actions.credentials().project(project).stream()
                .flatMap(known -> known.covering(name.blueprint(), name.tenant(), Instant.now()).stream())
                .filter(candidate -> candidate.tokenSha256().equals(token))
                .findFirst();
        if (credential.isEmpty()) {
            over = true;
            actions.failed(user);
            return;
        }
        RouteKey route = new RouteKey(Engine.REDIS, project, name);
        enter = () ->
                actions.succeed(new Login(credential.get(), route, new ToyConversation(actions, credential.get())));
    }

    @Override
    public void refuse(Refusal refusal) {
        say("! " + refusal.label());
    }

    private void say(String line) {
        actions.send(Lines.of(actions.allocator(), line + "\n"));
    }
}
