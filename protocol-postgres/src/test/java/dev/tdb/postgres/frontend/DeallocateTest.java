package dev.tdb.postgres.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeallocateTest {
    private static final int STACK_BYTES = 128 << 10;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DEALLOCATE a|a",
                "deallocate PREPARE \"A b\" ;|A b",
                "DEALLOCATE \"\"\"odd\"\" name\"|\"odd\" name",
                "DEALLOCATE Plain;|plain",
                "DEALLOCATE \"a\"\"|``",
                "DEALLOCATE \"\"|``",
                "SELECT 1; DEALLOCATE a|``",
            })
    void theNameIsWhatTheServerKnows(String text, String name) {
        assertThat(Deallocate.name(text)).isEqualTo(name);
    }

    @Test
    void aNameOfAnyLengthIsReadOnASmallStack() {
        for (String name : new String[] {"x".repeat(100_000), "\"\"".repeat(50_000), "x\"\"".repeat(50_000)}) {
            assertThat(onSmallStack("DEALLOCATE \"" + name + "\"")).isEqualTo(name.replace("\"\"", "\""));
            assertThat(onSmallStack("DEALLOCATE \"" + name)).isEmpty();
        }
    }

    private static String onSmallStack(String text) {
        CompletableFuture<String> found = new CompletableFuture<>();
        Runnable task = () -> {
            try {
                found.complete(Deallocate.name(text));
            } catch (Throwable failure) {
                found.completeExceptionally(failure);
            }
        };
        new Thread(null, task, "small stack", STACK_BYTES).start();
        return found.join();
    }
}
