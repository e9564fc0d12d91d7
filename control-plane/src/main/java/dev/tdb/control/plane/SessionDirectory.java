package dev.tdb.control.plane;

import java.util.List;

/** Who is connected: told by the data path, wired in by the program. */
public interface SessionDirectory {
    List<SessionView> list();

    /** Ends a session with a refusal. @return whether there was one of that id */
    boolean end(String id);
}
