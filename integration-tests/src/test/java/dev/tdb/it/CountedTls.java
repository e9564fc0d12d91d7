package dev.tdb.it;

import java.io.IOException;
import java.net.Socket;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ssl.LibPQFactory;
import org.postgresql.util.PSQLException;

/** pgjdbc's own TLS, and how often it was begun: so one sees by which door the driver got in. */
public final class CountedTls extends LibPQFactory {
    private static final AtomicInteger BEGUN = new AtomicInteger();

    public CountedTls(Properties properties) throws PSQLException {
        super(properties);
    }

    static int begun() {
        return BEGUN.get();
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) throws IOException {
        BEGUN.incrementAndGet();
        return super.createSocket(socket, host, port, autoClose);
    }
}
