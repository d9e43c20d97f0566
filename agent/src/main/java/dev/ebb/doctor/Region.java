package dev.ebb.doctor;

/**
 * One line of /proc/PID/smaps with its figures.
 *
 * @param permissions as {@code rw-p}
 * @param path of the file, or a name in brackets; empty if anonymous
 * @param hugeBytes of the resident ones, in transparent huge pages
 * @param lazyBytes of the resident ones, given to the kernel by MADV_FREE and not taken yet
 */
record Region(long from, long to, String permissions, String path, long residentBytes, long hugeBytes, long lazyBytes, long swappedBytes) {
    boolean isFile() {
        return path.startsWith("/");
    }

    boolean isExecutable() {
        return permissions.charAt(2) == 'x';
    }

    boolean isDeleted() {
        return path.endsWith(" (deleted)");
    }

    boolean contains(long address) {
        return address >= from && address < to;
    }

    long overlap(long otherFrom, long otherTo) {
        return Math.max(0, Math.min(to, otherTo) - Math.max(from, otherFrom));
    }

    /** {@code [stack]}, {@code [anon:...]} of newer kernels count as no name. */
    boolean isAnonymous() {
        return path.isEmpty() || path.equals("[heap]") || path.startsWith("[anon:");
    }
}
