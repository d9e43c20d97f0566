package dev.ebb.config;

/**
 * One entry of {@code ebb.load.timeout}. Immutable.
 *
 * @param pattern which loads; null for all
 * @param nanos from the load's begin; 0 for no deadline, so that a pattern can be spared
 */
public record DeadlineRule(LoadPattern pattern, long nanos) {
    /** @throws IllegalArgumentException if the entry cannot be understood; the message reads on after the quoted entry */
    static DeadlineRule parse(String entry) {
        int equals = entry.lastIndexOf('=');
        String duration = entry.substring(equals + 1).trim();
        long nanos = Values.durationNanos(duration.equals("none") ? "0" : duration);
        if (nanos < 0) {
            throw new IllegalArgumentException("has no duration such as 500ms, 5s or 2m; write pkg.Class#method=30s, or 30s for all loads");
        }
        return new DeadlineRule(equals < 0 ? null : LoadPattern.parse(entry.substring(0, equals)), nanos);
    }

    /** See {@link LoadPattern#concerns}. */
    public boolean concerns(LoadPattern load, String className, String methodName, String descriptor) {
        return pattern == null || pattern.concerns(load, className, methodName, descriptor);
    }
}
