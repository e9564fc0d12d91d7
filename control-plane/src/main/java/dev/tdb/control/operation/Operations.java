package dev.tdb.control.operation;

import dev.tdb.proxy.credential.ProjectId;
import java.util.List;

/** Reads the journal. */
public final class Operations {
    /**
     * Newest first.
     *
     * @param tenant empty for all
     */
    public List<Operation> list(ProjectId project, String tenant, int limit, int offset) {
        throw new UnsupportedOperationException("next push");
    }

    public Operation get(ProjectId project, String id) {
        throw new UnsupportedOperationException("next push");
    }
}
