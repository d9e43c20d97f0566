package dev.ebb.report;

import dev.ebb.load.Ledger;
import dev.ebb.load.Load;
import dev.ebb.load.ResourceKind;
import java.util.EnumMap;
import java.util.Map;

/** A {@link LedgerView} of the moment in which it was made. */
final class LedgerFigures implements LedgerView {
    private final long load;
    private final String label;
    private final String method;
    private final String state;
    private final Map<ResourceKind, long[]> figures = new EnumMap<>(ResourceKind.class);
    private long unrecorded;

    LedgerFigures(Ledger ledger) {
        load = ledger.id();
        label = ledger.label();
        method = ledger.site().method();
        Load of = ledger.load();
        state = of == null ? "decided" : of.quiet() ? "ended" : "open";
        for (ResourceKind kind : ResourceKind.values()) {
            figures.put(kind, new long[] {ledger.liveBytes(kind), ledger.liveCount(kind)});
        }
        unrecorded = ledger.unrecordedCount();
    }

    /** Of all loads; empty at first. */
    LedgerFigures() {
        load = 0;
        label = "all";
        method = "-";
        state = "-";
        for (ResourceKind kind : ResourceKind.values()) {
            figures.put(kind, new long[2]);
        }
    }

    void add(LedgerFigures other) {
        for (ResourceKind kind : ResourceKind.values()) {
            figures.get(kind)[0] += other.bytes(kind);
            figures.get(kind)[1] += other.count(kind);
        }
        unrecorded += other.unrecorded;
    }

    private long bytes(ResourceKind kind) {
        return figures.get(kind)[0];
    }

    private long count(ResourceKind kind) {
        return figures.get(kind)[1];
    }

    long offHeapBytes() {
        return getDirectBytes() + getMappedBytes() + getForeignBytes() + getUnsafeBytes();
    }

    boolean isEmpty() {
        return offHeapBytes() == 0 && getOpenFiles() == 0 && getTracked() == 0 && unrecorded == 0;
    }

    @Override
    public long getLoad() {
        return load;
    }

    @Override
    public String getLabel() {
        return label;
    }

    @Override
    public String getMethod() {
        return method;
    }

    @Override
    public String getState() {
        return state;
    }

    @Override
    public long getDirectBytes() {
        return bytes(ResourceKind.DIRECT);
    }

    @Override
    public long getMappedBytes() {
        return bytes(ResourceKind.MAPPED);
    }

    @Override
    public long getForeignBytes() {
        return bytes(ResourceKind.ARENA);
    }

    @Override
    public long getUnsafeBytes() {
        return bytes(ResourceKind.UNSAFE);
    }

    @Override
    public long getOpenFiles() {
        return count(ResourceKind.FILE);
    }

    @Override
    public long getTracked() {
        return count(ResourceKind.TRACKED);
    }

    @Override
    public long getUnrecorded() {
        return unrecorded;
    }

    @Override
    public String getText() {
        StringBuilder text = new StringBuilder();
        bytes(text, getMappedBytes(), " mapped");
        bytes(text, getDirectBytes(), " in direct buffers");
        bytes(text, getForeignBytes(), " in arenas");
        bytes(text, getUnsafeBytes(), " of Unsafe memory");
        count(text, getOpenFiles(), getOpenFiles() == 1 ? " file" : " files");
        count(text, getTracked(), " tracked");
        count(text, unrecorded, " not recorded one by one");
        return label + ": " + (text.length() == 0 ? "nothing" : text);
    }

    private static void bytes(StringBuilder text, long bytes, String what) {
        if (bytes > 0) {
            text.append(text.length() == 0 ? "" : ", ").append(bytes < 1 << 16 ? bytes + " bytes" : TextFormat.mebibytes(bytes)).append(what);
        }
    }

    private static void count(StringBuilder text, long count, String what) {
        if (count > 0) {
            text.append(text.length() == 0 ? "" : ", ").append(count).append(what);
        }
    }
}
