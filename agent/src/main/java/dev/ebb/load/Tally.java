package dev.ebb.load;

/** Bytes and numbers of resources by kind. Not safe for threads: guarded by whoever owns it. */
final class Tally {
    private static final int KINDS = ResourceKind.values().length;

    /** For each measure, each kind. */
    private final long[] numbers = new long[Measure.values().length * KINDS];

    /** What is summed up of each kind. */
    enum Measure {
        BYTES, COUNT, EVER
    }

    /** @return how many of this kind there have ever been, this one included */
    long add(Resource resource) {
        int kind = resource.kind().ordinal();
        numbers[kind] += resource.bytes();
        numbers[KINDS + kind]++;
        return ++numbers[2 * KINDS + kind];
    }

    void remove(Resource resource) {
        int kind = resource.kind().ordinal();
        numbers[kind] -= resource.bytes();
        numbers[KINDS + kind]--;
    }

    void grow(ResourceKind kind, long bytes) {
        numbers[kind.ordinal()] += bytes;
    }

    /** Of all kinds if {@code kind} is null. */
    long get(Measure measure, ResourceKind kind) {
        int row = measure.ordinal() * KINDS;
        if (kind != null) {
            return numbers[row + kind.ordinal()];
        }
        long sum = 0;
        for (int i = 0; i < KINDS; i++) {
            sum += numbers[row + i];
        }
        return sum;
    }
}
