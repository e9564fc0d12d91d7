package dev.tdb.proxy.toy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A server of the toy protocol, with a thread for each connection; a test says what it does. */
public final class ToyServer implements AutoCloseable {
    private final String name;
    private final ServerSocket socket;
    private final Map<Integer, Connection> connections = new ConcurrentHashMap<>();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger loginsUnderWay = new AtomicInteger();
    private final AtomicInteger loginsUnderWayMax = new AtomicInteger();
    private final AtomicInteger hearings = new AtomicInteger();
    private final AtomicInteger resets = new AtomicInteger();
    private final AtomicInteger farewells = new AtomicInteger();
    private final Semaphore permits = new Semaphore(0);
    private volatile String refusesLogins = "";
    private volatile boolean answersLogins = true;
    private volatile boolean answersQuestions = true;
    private volatile long loginMillis;

    public ToyServer(String name) {
        this.name = name;
        try {
            socket = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().start(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** All lines of all connections but those of logins and of the proxy's own questions, in order. */
    public List<String> received() {
        return received;
    }

    /** Connections that stand and are logged in. */
    public int connections() {
        return connections.size();
    }

    public int logins() {
        return logins.get();
    }

    public int loginsUnderWayMax() {
        return loginsUnderWayMax.get();
    }

    /** How often a connection was asked to say all that was told before. */
    public int hearings() {
        return hearings.get();
    }

    /** How many connections were left with a last word. */
    public int resets() {
        return resets.get();
    }

    public int farewells() {
        return farewells.get();
    }

    public void loginsTake(long millis) {
        loginMillis = millis;
    }

    public void refuseLogins(String why) {
        refusesLogins = why;
    }

    public void answerLogins(boolean answer) {
        answersLogins = answer;
    }

    public void answerQuestions(boolean answer) {
        answersQuestions = answer;
    }

    /** Lets {@code count} commands go on that wait. */
    public void goOn(int count) {
        permits.release(count);
    }

    /** Says {@code line} to every client, unasked. */
    public void announce(String line) {
        connections.values().forEach(connection -> connection.say("* " + line));
    }

    /** Begins to say it, and says no more. */
    public void announceHalf(String line) {
        connections.values().forEach(connection -> connection.send("* " + line));
    }

    /** Writes {@code text}, a line or a part of one, to everybody who subscribed. */
    public void mutter(String text) {
        connections.values().stream().filter(Connection::isSubscribed).forEach(connection -> connection.send(text));
    }

    /** Cuts all connections; new ones are accepted. */
    public void cut() {
        connections.values().forEach(Connection::cut);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private void accept() {
        try {
            for (int number = 1; ; number++) {
                Connection connection = new Connection(number, socket.accept());
                Thread.ofPlatform().daemon().start(connection);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private final class Connection implements Runnable {
        private final int number;
        private final Socket client;
        private final Map<String, String> settings = new TreeMap<>();
        private final Set<String> marks = ConcurrentHashMap.newKeySet();
        private final Queue<String> untold = new ConcurrentLinkedQueue<>();
        private volatile boolean cancelled;
        private volatile Thread waiting;
        private char status = 'I';

        private Connection(int number, Socket client) {
            this.number = number;
            this.client = client;
        }

        @Override
        public void run() {
            try (client;
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
                client.setTcpNoDelay(true);
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    handle(line);
                }
            } catch (IOException | UncheckedIOException gone) {
                // Either side ended it.
            } finally {
                connections.remove(number);
            }
        }

        private void handle(String line) throws IOException {
            String[] words = line.split(" ", 3);
            for (String news = untold.poll(); news != null; news = untold.poll()) {
                say("* " + news);
            }
            switch (words[0]) {
                case "LOGIN" -> login();
                case "CANCEL" -> {
                    Connection other = connections.get(Integer.parseInt(words[1]));
                    if (other != null) {
                        other.cancel();
                    }
                    cut();
                }
                case "DESCRIBE" -> {
                    if (answersQuestions) {
                        StringBuilder state = new StringBuilder("I STATE");
                        settings.forEach((key, value) ->
                                state.append(' ').append(key).append('=').append(value));
                        marks.forEach(mark -> state.append(' ').append(mark));
                        say(state.toString());
                    }
                }
                case "HEAR" -> {
                    hearings.incrementAndGet();
                    if (answersQuestions) {
                        say("I HEARD");
                    }
                }
                case "RESET" -> {
                    settings.clear();
                    resets.incrementAndGet();
                    say("I OK");
                }
                case "QUIT" -> {
                    farewells.incrementAndGet();
                    cut();
                }
                default -> {
                    received.add(line);
                    command(words);
                }
            }
        }

        private void login() throws IOException {
            loginsUnderWayMax.accumulateAndGet(loginsUnderWay.incrementAndGet(), Math::max);
            try {
                if (loginMillis > 0) {
                    Thread.sleep(loginMillis);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                loginsUnderWay.decrementAndGet();
            }
            if (!answersLogins) {
                return;
            }
            if (!refusesLogins.isEmpty()) {
                say("REFUSED " + refusesLogins);
                return;
            }
            logins.incrementAndGet();
            connections.put(number, this);
            say("OK " + name + " " + number);
        }

        private void command(String[] words) throws IOException {
            switch (words[0]) {
                case "BEGIN" -> {
                    status = 'T';
                    reply("BEGIN");
                }
                case "COMMIT" -> {
                    status = 'I';
                    reply("COMMIT");
                }
                case "SET" -> {
                    boolean bad = words[1].equals("bad" + name);
                    settings.put(words[1], words[2]);
                    reply(bad ? "ERROR" : "OK");
                }
                case "GET" -> reply(settings.getOrDefault(words[1], "-"));
                case "TEMPORARY", "SUBSCRIBE" -> {
                    marks.add(words[0].equals("TEMPORARY") ? "temporary" : "subscribed");
                    reply("OK");
                }
                case "TELL" -> {
                    // Who subscribed is told when it says something: an idle server is slow.
                    connections.values().stream()
                            .filter(Connection::isSubscribed)
                            .forEach(connection -> connection.untold.add(words[1]));
                    reply("OK");
                }
                case "WHO" -> reply(name);
                case "WAIT" -> reply(await() ? "waited" : "cancelled");
                case "HALF" -> {
                    write(status + " ha");
                    await();
                    write("lf\n");
                }
                case "ASIDE" -> {
                    // Half a line that answers nothing, behind a reply.
                    write(status + " OK\n* as");
                    await();
                    write("ide\n");
                }
                case "DIE" -> {
                    write(status + " ha");
                    cut();
                }
                case "BABBLE" -> write("nonsense\n");
                case "OVERFLOW" -> write("%\n");
                case "BIG" -> {
                    String piece = "x".repeat(1 << 16);
                    int count = Integer.parseInt(words[1]);
                    write(status + " ");
                    for (int i = 0; i < count; i++) {
                        write(piece);
                    }
                    write("\n");
                }
                case "NOTE" -> {}
                default -> reply(String.join(" ", words));
            }
        }

        private boolean isSubscribed() {
            return marks.contains("subscribed");
        }

        private void reply(String text) {
            say(status + " " + text);
        }

        private boolean await() {
            waiting = Thread.currentThread();
            try {
                permits.acquire();
                return true;
            } catch (InterruptedException e) {
                return !cancelled;
            } finally {
                waiting = null;
                cancelled = false;
            }
        }

        private void cancel() {
            Thread thread = waiting;
            if (thread != null) {
                cancelled = true;
                thread.interrupt();
            }
        }

        private void say(String line) {
            send(line + "\n");
        }

        private void send(String text) {
            try {
                write(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private synchronized void write(String text) throws IOException {
            OutputStream out = client.getOutputStream();
            out.write(text.getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        private void cut() {
            try {
                client.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
