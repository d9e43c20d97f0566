package dev.ebb.load;

/** A file or directory that a load made on disk. */
public final class CreatedFile extends Resource {
    private volatile String path;
    private final Object fileKey;

    /**
     * @param path absolute
     * @param fileKey what the file system knows the file by (device and inode), so that a file put in its place later is not taken for it
     */
    public CreatedFile(Load load, String path, Object fileKey) {
        super(load, ResourceKind.CREATED);
        this.path = path;
        this.fileKey = fileKey;
    }

    public String path() {
        return path;
    }

    public void movedTo(String target) {
        path = target;
    }

    public Object fileKey() {
        return fileKey;
    }
}
