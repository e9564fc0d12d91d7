package dev.tdb.proxy.toy;

import dev.tdb.proxy.backend.Exchange;
import dev.tdb.proxy.frontend.Described;
import dev.tdb.proxy.frontend.SessionPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The proxy's own questions to a toy server. */
final class ToyExchanges {
    private ToyExchanges() {}

    /** The next line that answers something; the others are the client's. */
    private static Optional<String> answer(ByteBuf in, SessionPort port) {
        Optional<String> line = Lines.next(in);
        while (line.isPresent() && line.get().startsWith("*")) {
            port.toClient(Lines.of(port.allocator(), line.get() + "\n"));
            line = Lines.next(in);
        }
        return line;
    }

    /** {@code DESCRIBE} is answered by {@code I STATE key=value … [temporary] [subscribed]}. */
    static final class Describe implements Exchange<Described> {
        private final SessionPort port;

        Describe(SessionPort port) {
            this.port = port;
        }

        @Override
        public ByteBuf request(ByteBufAllocator allocator) {
            return Lines.of(allocator, "DESCRIBE\n");
        }

        @Override
        public Optional<Described> onBytes(ByteBuf in) {
            return answer(in, port).map(Describe::read);
        }

        private static Described read(String line) {
            Map<String, String> settings = new HashMap<>();
            boolean subscribed = false;
            for (String word : line.substring("I STATE".length()).trim().split(" ", -1)) {
                if (word.equals("temporary")) {
                    return new Described.Unmovable("temporary table");
                }
                subscribed |= word.equals("subscribed");
                int at = word.indexOf('=');
                if (at > 0) {
                    settings.put(word.substring(0, at), word.substring(at + 1));
                }
            }
            return new Described.Movable(new ToyState(settings, subscribed));
        }
    }

    /** One {@code SET} for each setting, and {@code SUBSCRIBE}; each answered by a line. */
    static final class Replay implements Exchange<Optional<String>> {
        private final ToyState state;
        private int missing;
        private Optional<String> error = Optional.empty();

        Replay(ToyState state) {
            this.state = state;
        }

        @Override
        public ByteBuf request(ByteBufAllocator allocator) {
            StringBuilder text = new StringBuilder();
            state.settings()
                    .forEach((key, value) -> text.append("SET ")
                            .append(key)
                            .append(' ')
                            .append(value)
                            .append('\n'));
            missing = state.settings().size();
            if (state.subscribed()) {
                text.append("SUBSCRIBE\n");
                missing++;
            }
            return Lines.of(allocator, text.toString());
        }

        @Override
        public Optional<Optional<String>> onBytes(ByteBuf in) {
            while (missing > 0) {
                Optional<String> line = Lines.next(in);
                if (line.isEmpty()) {
                    return Optional.empty();
                }
                if (!line.get().startsWith("*")) {
                    missing--;
                }
                if (line.get().contains("ERROR")) {
                    error = Optional.of("setting refused");
                }
            }
            return Optional.of(error);
        }
    }

    /** {@code HEAR} is answered when all is said that was told before. */
    static final class HearOut implements Exchange<Boolean> {
        private final SessionPort port;

        HearOut(SessionPort port) {
            this.port = port;
        }

        @Override
        public ByteBuf request(ByteBufAllocator allocator) {
            return Lines.of(allocator, "HEAR\n");
        }

        @Override
        public Optional<Boolean> onBytes(ByteBuf in) {
            return answer(in, port).map("I HEARD"::equals);
        }
    }

    /** {@code RESET} makes a link as good as new. */
    static final class Reset implements Exchange<Boolean> {
        @Override
        public ByteBuf request(ByteBufAllocator allocator) {
            return Lines.of(allocator, "RESET\n");
        }

        @Override
        public Optional<Boolean> onBytes(ByteBuf in) {
            return Lines.next(in).map("I OK"::equals);
        }
    }
}
