package dev.ebb.load;

/** A file or directory that a load made on disk. */
public final class CreatedFile extends Resource {
    private volatile String path;
    private final Object fileKey;
    private final boolean ownsBytes;

    /**
     * @param path absolute
     * @param fileKey what the file system knows the file by (device and inode), so that a file put in its place later is not taken for it
     * @param ownsBytes false for another name of a file that is not the load's
     */
    public CreatedFile(Load load, String path, Object fileKey, boolean ownsBytes) {
        super(load, ResourceKind.CREATED);
        this.path = path;
        this.fileKey = fileKey;
        this.ownsBytes = ownsBytes;
    }

    public String path() {
        return path;
    }

    public void movedTo(String target) {
        path = target;
    }

    /** Whether what it takes on disk is the load's; two names of one file have the same key. */
    public boolean ownsBytes() {
        return ownsBytes;
    }

    public Object fileKey() {
        return fileKey;
    }
}
