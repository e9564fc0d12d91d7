package dev.tdb.control.cutover;

import java.util.Locale;

/** The steps of a plain flip, in their order. Up to DECIDE any failure gives up; after it there is only forward. */
enum Step {
    GUARD(10),
    PREPARE(20),
    HOLD(30),
    DRAIN(40),
    FENCE(50),
    DECIDE(70),
    SWITCH(80),
    RELEASE(90),
    FINISH(95);

    private final int progress;

    Step(int progress) {
        this.progress = progress;
    }

    /** Of the operation, in percent, when this step begins. */
    int progress() {
        return progress;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
