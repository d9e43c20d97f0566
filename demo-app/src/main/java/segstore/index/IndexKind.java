package segstore.index;

/** The three index files of a segment. */
public enum IndexKind {
    IVF_SQ8("ivf_sq8.idx"),
    SPARSE_INVERTED_INDEX("sparse_inverted_index.idx"),
    BITMAP("bitmap.idx");

    private final String fileName;

    IndexKind(String fileName) {
        this.fileName = fileName;
    }

    public String fileName() {
        return fileName;
    }
}
