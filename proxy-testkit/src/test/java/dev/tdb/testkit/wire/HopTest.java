package dev.tdb.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HopTest {
    private ServerSocket echo;
    private Hop hop;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::echoAll);
        hop = new Hop(new InetSocketAddress(InetAddress.getLoopbackAddress(), echo.getLocalPort()));
    }

    @AfterEach
    void stop() throws IOException {
        hop.close();
        echo.close();
    }

    private void echoAll() {
        try {
            while (true) {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        // The hop was cut.
                    }
                });
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Test
    void bytesPassBothWaysAndAreCounted() throws IOException {
        try (Socket socket = connect()) {
            assertThat(exchange(socket, "hello")).isEqualTo("hello");

            await().untilAsserted(() -> assertThat(hop.bytesToServer()).isEqualTo(5));
            await().untilAsserted(() -> assertThat(hop.bytesFromServer()).isEqualTo(5));
            assertThat(hop.accepted()).isEqualTo(1);
            assertThat(hop.open()).isEqualTo(1);
        }
        await().untilAsserted(() -> assertThat(hop.open()).isZero());
    }

    @Test
    void aStalledHopPassesNothingUntilItFlowsAgain() throws IOException {
        try (Socket socket = connect()) {
            hop.stall();
            socket.getOutputStream().write("late".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(100);
            InputStream in = socket.getInputStream();
            assertThatThrownBy(in::read).isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(0);

            hop.flow();

            assertThat(new String(in.readNBytes(4), StandardCharsets.US_ASCII)).isEqualTo("late");
        }
    }

    @Test
    void aCutHopResetsWhatIsThereAndTakesWhatComes() throws IOException {
        try (Socket socket = connect()) {
            exchange(socket, "a");

            hop.cut();

            assertThatThrownBy(() -> exchange(socket, "b")).isInstanceOf(IOException.class);
        }
        try (Socket socket = connect()) {
            assertThat(exchange(socket, "c")).isEqualTo("c");
        }
    }

    @Test
    void aRefusingHopTakesNobodyUntilItAdmitsAgain() throws IOException {
        hop.refuse();
        try (Socket socket = connect()) {
            assertThatThrownBy(() -> exchange(socket, "a")).isInstanceOf(IOException.class);
        }

        hop.admit();

        try (Socket socket = connect()) {
            assertThat(exchange(socket, "b")).isEqualTo("b");
        }
    }

    private Socket connect() throws IOException {
        return new Socket(hop.address().getAddress(), hop.address().getPort());
    }

    private static String exchange(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        byte[] answer = socket.getInputStream().readNBytes(text.length());
        if (answer.length < text.length()) {
            throw new SocketException("closed");
        }
        return new String(answer, StandardCharsets.US_ASCII);
    }
}
