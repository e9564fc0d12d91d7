package dev.tdb.admin.http;

import java.util.function.Supplier;

/** How an endpoint answers. */
public sealed interface Answer {
    /** With JSON in the envelope. */
    @FunctionalInterface
    non-sealed interface Enveloped extends Answer {
        /** May block; may throw a {@link Failure} or a {@link dev.tdb.control.ControlException}. */
        Reply answer(Request request);
    }

    /** With a text of its own type, made anew for each request. */
    record Document(String contentType, Supplier<String> text) implements Answer {}

    /** With server-sent events. */
    @FunctionalInterface
    non-sealed interface Stream extends Answer {
        /** Looks at the request before anything is answered; may throw a {@link Failure}. */
        Feed open(Request request);
    }

    /** What a stream is fed with. */
    @FunctionalInterface
    interface Feed {
        /**
         * Writes events until the client leaves or the server closes, both of which {@link EventStream} tells. The
         * client learns that it is listening from the first thing that is written: so that should be a beat.
         */
        void run(EventStream events) throws InterruptedException;
    }
}
