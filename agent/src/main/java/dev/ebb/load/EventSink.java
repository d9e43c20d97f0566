package dev.ebb.load;

/** Where events go. Called on Ebb's own threads only, never on a thread of the program; may write to a file or stderr; throws nothing. */
public interface EventSink {
    void event(Event event);
}
