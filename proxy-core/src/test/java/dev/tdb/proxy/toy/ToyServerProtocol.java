package dev.tdb.proxy.toy;

import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.backend.LinkFacts;
import dev.tdb.proxy.backend.LinkFailure;
import dev.tdb.proxy.backend.LinkSpec;
import dev.tdb.proxy.backend.ServerLogin;
import dev.tdb.proxy.backend.ServerProtocol;
import dev.tdb.proxy.refusal.ProtocolViolation;
import dev.tdb.proxy.route.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** {@code LOGIN user password} is answered by {@code OK name number} or {@code REFUSED why}. */
public final class ToyServerProtocol implements ServerProtocol {
    @Override
    public ServerLogin login(LinkSpec spec, ServerLogin.Actions actions) {
        return new ServerLogin() {
            @Override
            public void onConnected() {
                if (spec.target().tls().mode() == ServerTls.Mode.DISABLE) {
                    onTls();
                } else {
                    actions.send(Lines.of(actions.allocator(), "TLS\n"));
                }
            }

            @Override
            public void onTls() {
                String user = spec.login().user();
                // Off the loop and back, as a protocol does that hashes passwords.
                actions.offLoop(
                        () -> spec.login().password().reveal(),
                        password ->
                                actions.send(Lines.of(actions.allocator(), "LOGIN " + user + " " + password + "\n")));
            }

            @Override
            public void onBytes(ByteBuf in) {
                Optional<String> line = Lines.next(in);
                if (line.isEmpty()) {
                    return;
                }
                String[] words = line.get().split(" ", -1);
                switch (words[0]) {
                    case "TLS" -> actions.startTls();
                    case "OK" -> actions.succeed(new ToyFacts(words[1], Integer.parseInt(words[2])));
                    case "REFUSED" -> {
                        ByteBuf error =
                                Unpooled.wrappedBuffer(("* " + line.get() + "\n").getBytes(StandardCharsets.US_ASCII));
                        actions.fail(new LinkFailure.Rejected(words[1], error));
                    }
                    default -> throw new ProtocolViolation("no answer to a login: " + words[0]);
                }
            }
        };
    }

    @Override
    public Optional<Exchange<Boolean>> reset(LinkFacts facts) {
        return Optional.of(new ToyExchanges.Reset());
    }

    @Override
    public Optional<Exchange<Boolean>> warmUp(LinkFacts facts) {
        return Optional.of(new ToyExchanges.Reset());
    }

    @Override
    public Optional<ByteBuf> cancelRequest(LinkFacts facts, ByteBufAllocator allocator) {
        return Optional.of(Lines.of(allocator, "CANCEL " + ((ToyFacts) facts).connection() + "\n"));
    }

    @Override
    public Optional<ByteBuf> tlsRequest(ByteBufAllocator allocator) {
        return Optional.empty();
    }

    @Override
    public ByteBuf farewell(ByteBufAllocator allocator) {
        return Lines.of(allocator, "QUIT\n");
    }
}
