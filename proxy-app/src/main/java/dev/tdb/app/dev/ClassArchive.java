package dev.tdb.app.dev;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The classes of this run, loaded and verified, in a file that the next JVM maps into its memory: it starts several
 * times as fast. The launcher asks for one, by a system property, when there is none for the present build.
 */
final class ClassArchive implements AutoCloseable {
    private static final String PROPERTY = "tdb.class-archive";

    /** Written at the end of a run, when most classes have been used and nobody waits. A failure is no loss. */
    @Override
    public void close() {
        String wanted = System.getProperty(PROPERTY, "");
        if (wanted.isEmpty()) {
            return;
        }
        Path file = Path.of(wanted);
        Path half = Path.of(wanted + "." + ProcessHandle.current().pid());
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmCds",
                            new Object[] {new String[] {"dynamic_dump", half.toString()}},
                            new String[] {String[].class.getName()});
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (JMException | IOException | SecurityException _) {
            // The next start is as slow as this one was.
        }
    }
}
