package dev.tdb.admin.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.json.JsonMapper;

/** One client's server-sent events. Used by the request's own thread only. */
public final class EventStream {
    private final OutputStream out;
    private final JsonMapper json;
    private final BooleanSupplier closing;
    private boolean open = true;

    EventStream(OutputStream out, JsonMapper json, BooleanSupplier closing) {
        this.out = out;
        this.json = json;
        this.closing = closing;
    }

    /** Whether there is still somebody to write to, as far as is known. */
    public boolean isOpen() {
        return open && !closing.getAsBoolean();
    }

    /** One event; {@code data} is written as JSON on one line. */
    public void send(long id, String type, Object data) {
        write("id: " + id + "\nevent: " + type + "\ndata: " + json.writeValueAsString(data) + "\n\n");
    }

    /** Keeps the connection alive, and notices when it is not. */
    public void beat() {
        write(": \n\n");
    }

    private void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException _) {
            open = false; // The client left: an ordinary end.
        }
    }
}
