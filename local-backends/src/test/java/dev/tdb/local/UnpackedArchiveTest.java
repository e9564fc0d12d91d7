package dev.tdb.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnpackedArchiveTest {
    @TempDir
    Path folder;

    @Test
    void manyWhoUnpackAtOnceGetTheSameFolderAndLeaveNothingElse() throws Exception {
        Path cache = folder.resolve("cache");
        ConcurrentLinkedQueue<String> steps = new ConcurrentLinkedQueue<>();
        List<PostgresBinaries> found = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            Callable<PostgresBinaries> unpack = () -> PostgresBinaries.embedded(cache, steps::add);
            for (Future<PostgresBinaries> result : threads.invokeAll(List.of(unpack, unpack, unpack))) {
                found.add(result.get());
            }
        }

        assertThat(found.stream().distinct()).hasSize(1);
        assertThat(found.getFirst().version()).isEqualTo("18.6");
        assertThat(steps).contains("unpacking PostgreSQL 18.6.0");
        try (Stream<Path> entries = Files.list(cache)) {
            assertThat(entries)
                    .singleElement()
                    .satisfies(
                            entry -> assertThat(entry.getFileName().toString()).startsWith("postgresql-18.6.0-"));
        }
        steps.clear();
        PostgresBinaries.embedded(cache, steps::add);
        assertThat(steps).isEmpty();
    }
}
