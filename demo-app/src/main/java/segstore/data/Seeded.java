package segstore.data;

/**
 * Deterministic numbers: a SplitMix64 stream (Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014), and its mixing function as a hash. For one thread.
 */
final class Seeded {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private long state;

    /** A stream of its own for every different sequence of {@code parts}. */
    Seeded(long... parts) {
        this.state = hash(parts);
    }

    long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** Uniform in [0, 1). */
    double uniform() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    static long hash(long... parts) {
        long hash = 0;
        for (long part : parts) {
            hash = mix(hash + GOLDEN + part);
        }
        return hash;
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
