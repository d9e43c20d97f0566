package dev.ebb.load;

/** Bytes and numbers of resources by kind. Not safe for threads: guarded by whoever owns it. */
final class Tally {
    private static final int KINDS = ResourceKind.values().length;

    /** For each kind: bytes, how many, how many ever. */
    private final long[] numbers = new long[3 * KINDS];

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

    long bytes(ResourceKind kind) {
        return numbers[kind.ordinal()];
    }

    long count(ResourceKind kind) {
        return numbers[KINDS + kind.ordinal()];
    }

    long everCount(ResourceKind kind) {
        return numbers[2 * KINDS + kind.ordinal()];
    }

    long bytes() {
        return sum(0);
    }

    long count() {
        return sum(KINDS);
    }

    private long sum(int row) {
        long sum = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            sum += numbers[row + kind];
        }
        return sum;
    }
}
