package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Netty that carries bytes and looks at nothing: what a relay on it costs at least. */
final class Floor implements Relay {
    private final ListeningJvm jvm;
    private final Way way;

    private Floor(ListeningJvm jvm, Way way) {
        this.jvm = jvm;
        this.way = way;
    }

    static Floor start(WayName.Floor name, Endpoint server, List<String> jvmFlags, Path folder) throws IOException {
        ListeningJvm jvm = ListeningJvm.start(
                System.getProperty("java.class.path"),
                jvmFlags,
                List.of(
                        "dev.tdb.bench.datapath.PlainRelay",
                        name.transport().name(),
                        server.host(),
                        Integer.toString(server.port())),
                folder.resolve(name.text().replace(':', '-') + ".log"));
        return new Floor(jvm, new Way(name.text(), server.at(jvm.port()), OptionalLong.of(jvm.pid())));
    }

    @Override
    public Way way() {
        return way;
    }

    @Override
    public void close() {
        jvm.close();
    }
}
