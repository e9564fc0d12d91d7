package dev.tdb.bench.load;

import dev.tdb.bench.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** A program of others between the clients and the server. */
record OtherRelay(Program program, Way way) implements Relay {
    /**
     * Starts {@code command} and waits until it listens on {@code port}.
     *
     * @param name of its way
     */
    static OtherRelay start(String name, List<String> command, Endpoint server, int port, Path folder)
            throws IOException, InterruptedException {
        Program program = Program.start(command, folder.resolve(name + ".log"));
        FreePort.await(port, program);
        return new OtherRelay(program, new Way(name, server.at(port), OptionalLong.of(program.pid())));
    }

    @Override
    public void close() {
        program.close();
    }
}
