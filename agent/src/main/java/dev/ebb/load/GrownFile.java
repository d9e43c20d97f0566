package dev.ebb.load;

import java.io.File;

/** A file that was there before a load opened it for writing. It is the program's: what it has grown by is said, and it is never deleted. */
public final class GrownFile extends Resource {
    private final String openedAs;
    private volatile String path;
    private final long sizeBefore;
    private volatile long settledBytes = -1;

    /** @param path absolute; @param sizeBefore in bytes, before it was opened */
    public GrownFile(Load load, String path, long sizeBefore) {
        super(load, ResourceKind.GROWN);
        this.openedAs = path;
        this.path = path;
        this.sizeBefore = sizeBefore;
    }

    public String path() {
        return path;
    }

    /** The path at which the load opened it. */
    public String openedAs() {
        return openedAs;
    }

    public void movedTo(String target) {
        path = target;
    }

    /** The load is quiet: what is written from now on is not its own. */
    public void settle() {
        settledBytes = grownBytes();
    }

    /** By how many bytes it was larger when the load became quiet, or is now, than before, whoever wrote them; 0 if it was smaller, or gone. */
    public long grownBytes() {
        long settled = settledBytes;
        return settled >= 0 ? settled : Math.max(0, new File(path).length() - sizeBefore);
    }
}
