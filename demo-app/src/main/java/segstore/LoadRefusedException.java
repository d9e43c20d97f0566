package segstore;

import java.util.Locale;

/** There was no memory left to load a segment into; nothing was begun. */
public final class LoadRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    LoadRefusedException(SegmentName segment, long bytes, long free, long total) {
        super(String.format(Locale.ROOT, "segment %s needs %.1f MiB, and %.1f of the %.1f MiB budget are free; close a "
                + "segment, or give the store a larger budget", segment, mib(bytes), mib(free), mib(total)));
    }

    private static double mib(long bytes) {
        return bytes / (double) (1 << 20);
    }
}
