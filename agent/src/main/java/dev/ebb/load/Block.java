package dev.ebb.load;

/** A direct buffer, a mapping or a block of Unsafe memory: known by its address, and by its kind, since two kinds may share an address. */
public final class Block extends Resource {
    private final long address;
    private final long bytes;

    public Block(Load load, ResourceKind kind, long address, long bytes) {
        super(load, kind);
        this.address = address;
        this.bytes = bytes;
    }

    /** Where it begins. */
    public long address() {
        return address;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    int hash() {
        return hash(address);
    }

    @Override
    boolean isKnownBy(ResourceKind asked, long otherAddress, Object object) {
        return address == otherAddress && kind() == asked && object == null;
    }

    /** Multiplicative (Fibonacci) hashing: addresses are multiples of 16 or 4096, and lie side by side. */
    static int hash(long address) {
        return (int) (address * 0x9E3779B97F4A7C15L >>> 32);
    }
}
