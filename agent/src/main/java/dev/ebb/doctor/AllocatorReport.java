package dev.ebb.doctor;

/**
 * What one allocator says of itself, in bytes; -1 for what it does not tell. The names are those of the native library's statistics.
 *
 * @param settings {@code name=value name=value}
 */
record AllocatorReport(boolean servesMalloc, String name, String origin, String settings, long allocatedBytes, long activeBytes, long residentBytes, long metadataBytes, long reclaimableBytes,
                       long cachedBytes, long dirtyBytes, long muzzyBytes, long threadCachesBytes, long fragmentedBytes, long arenas) {
    /** Of the line that report.c writes, without its first column. */
    static AllocatorReport of(String[] columns) {
        String[] v = columns[5].split(" ");
        return new AllocatorReport(columns[1].equals("1"), columns[2], columns[3], columns[4], at(v, 0), at(v, 1), at(v, 2), at(v, 5), at(v, 6), at(v, 7), at(v, 8), at(v, 9),
            at(v, 10), at(v, 11), at(v, 12));
    }

    private static long at(String[] values, int index) {
        return index < values.length ? Long.parseLong(values[index]) : -1;
    }

    boolean isJemalloc() {
        return name.startsWith("jemalloc");
    }

    boolean isGlibc() {
        return name.startsWith("glibc");
    }

    /** The value of one setting; null if it is not known. */
    String setting(String wanted) {
        for (String setting : settings.split(" ")) {
            if (setting.startsWith(wanted + "=")) {
                return setting.substring(wanted.length() + 1);
            }
        }
        return null;
    }

    /** Of its bookkeeping what is resident. Jemalloc tells it as the rest of all that is. */
    long residentMetadataBytes() {
        return isJemalloc() && residentBytes >= 0 && activeBytes >= 0 && dirtyBytes >= 0 ? Math.max(0, residentBytes - activeBytes - dirtyBytes) : Math.max(0, metadataBytes);
    }

    /** What is its for certain; 0 where it tells nothing. */
    long knownCachedBytes() {
        if (isJemalloc() && activeBytes >= 0 && allocatedBytes >= 0) {
            return activeBytes - allocatedBytes + Math.max(0, dirtyBytes);
        }
        return cachedBytes >= 0 ? cachedBytes : Math.max(0, dirtyBytes);
    }
}
