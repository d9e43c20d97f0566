package dev.ebb.rollback;

import dev.ebb.load.Event.Level;
import dev.ebb.load.EventSink;
import dev.ebb.load.Load;
import dev.ebb.load.LoadRegistry;
import java.util.ArrayList;
import java.util.List;

/** The rung that ends the threads of a load at their next checkpoint. Used by the worker alone. */
final class TellRung {
    private final Judge judge;
    private final LoadRegistry registry;
    private final EventSink events;

    TellRung(Judge judge, LoadRegistry registry, EventSink events) {
        this.judge = judge;
        this.registry = registry;
        this.events = events;
    }

    /** @param acts false to say only what would be done */
    void climb(Case c, boolean acts) {
        List<String> threads = threads(c.load);
        events.event(LoadEvents.about(c.load, Level.INFO, "rollback.step").with("step", Rung.TELL.text()).with(acts ? "told" : "wouldTell", threads));
    }

    String message(Case c) {
        Load load = c.load;
        return "load " + load.id() + " of " + load.site().method() + " (label " + load.label() + ", " + judge.cause(load, c.judgement)
            + ") goes on though nobody wants it any more, so Ebb ends it here, where it is about to take more; -D" + Rung.TELL.option() + "=off switches this off";
    }

    static List<String> threads(Load load) {
        List<String> names = new ArrayList<>();
        for (Thread thread : load.inside()) {
            names.add(thread.getName());
        }
        return names;
    }
}
