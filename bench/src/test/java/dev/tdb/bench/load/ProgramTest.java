package dev.tdb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    @TempDir
    Path folder;

    @Test
    void aProgramEndsWhenItIsClosedAndItsWordsAreKept() throws Exception {
        Path log = folder.resolve("log");
        Program program = Program.start(List.of("/bin/sh", "-c", "echo hello; exec sleep 60"), log);
        await().untilAsserted(() -> assertThat(Files.readString(log)).contains("hello"));
        assertThat(program.isAlive()).isTrue();

        program.close();

        assertThat(program.isAlive()).isFalse();
    }

    @Test
    void aProcessHasCpuTimeAndMemory() throws Exception {
        long self = ProcessHandle.current().pid();

        assertThat(ProcStat.cpu(self).user()).isPositive();
        assertThat(ProcStat.rss(self)).isGreaterThan(1 << 20);
    }
}
