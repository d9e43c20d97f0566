package dev.ebb.load;

/** An object of a type that the user tracks, known by itself. */
public final class TrackedResource extends ObjectResource {
    private final long takenNanos = System.nanoTime();

    public TrackedResource(Load load, Object object) {
        super(load, ResourceKind.TRACKED, object, object.getClass().getName());
    }

    /** When it was constructed, by {@link System#nanoTime}. */
    public long takenNanos() {
        return takenNanos;
    }
}
