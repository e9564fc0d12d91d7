package dev.tdb.proxy.toy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A client of the toy protocol on a blocking socket; nothing it waits for may take longer than some seconds. */
public final class ToyClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 5_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private String number = "";
    private String secret = "";

    public ToyClient(Socket socket) {
        try {
            this.socket = socket;
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects, and says nothing yet. */
    public static ToyClient connect(InetSocketAddress address) {
        try {
            return new ToyClient(new Socket(address.getAddress(), address.getPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Logs in to {@code database} of the project {@code tdb_toy}. */
    public ToyClient login(String database) {
        send("LOGIN tdb_toy password " + database);
        assertThat(line()).isIn("HELLO", "SECURE");
        return this;
    }

    /** Logs in and has the server's welcome. */
    public ToyClient in(String database) {
        login(database);
        welcomed();
        return this;
    }

    /** @return the name of the server it was welcomed by */
    public String welcomed() {
        String[] welcome = line().split(" ", -1);
        assertThat(welcome[0]).isEqualTo("WELCOME");
        number = welcome[2];
        secret = welcome[3];
        return welcome[1];
    }

    public int number() {
        return Integer.parseInt(number);
    }

    /** What cancels its unit, on a connection of its own. */
    public String cancelLine() {
        return "CANCEL " + number + " " + secret;
    }

    public Socket socket() {
        return socket;
    }

    public void send(String... lines) {
        raw(String.join("\n", lines) + "\n");
    }

    public void raw(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends and reads the one reply. */
    public String ask(String line) {
        send(line);
        return line();
    }

    public String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new AssertionError("connection ended after '" + line + "'");
                }
                line.write(next);
            }
        } catch (IOException e) {
            throw new AssertionError("no line, only '" + line + "'", e);
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    /** @return how long the next line is */
    public long skipLine() {
        try {
            long length = 0;
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new AssertionError("connection ended");
                }
                length++;
            }
            return length;
        } catch (IOException e) {
            throw new AssertionError("no line", e);
        }
    }

    /** Whether nothing comes for {@code millis}. */
    public boolean isSilentFor(int millis) {
        try {
            socket.setSoTimeout(millis);
            in.mark(1);
            int next = in.read();
            in.reset();
            socket.setSoTimeout(PATIENCE_MILLIS);
            assertThat(next).as("connection ended").isNotNegative();
            return false;
        } catch (SocketTimeoutException silent) {
            patient();
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void patient() {
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end of the connection, and whatever text comes before. */
    public String rest() {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                rest.write(next);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection stays open after '" + rest + "'", e);
        } catch (IOException reset) {
            // Also an end.
        }
        return rest.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
