package dev.tdb.app.dev;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The classes of this run, loaded and verified, in a file that the next JVM maps into its memory: it starts several
 * times as fast. The launcher asks for one, by a system property, when there is none for the present build.
 */
final class ClassArchive {
    private static final String PROPERTY = "tdb.class-archive";

    private ClassArchive() {}

    /**
     * Written at the end of a run that went well, when most classes have been used and nobody waits. A failure is no
     * loss. The last thing that a JVM does: one that links another lambda afterwards may crash.
     */
    static void write() {
        String wanted = System.getProperty(PROPERTY, "");
        if (wanted.isEmpty()) {
            return;
        }
        Path file = Path.of(wanted);
        Path half = Path.of(wanted + "." + ProcessHandle.current().pid());
        // The JVM would tell the person at the terminal that somebody has attached to it.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
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
