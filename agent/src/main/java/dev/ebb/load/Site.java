package dev.ebb.load;

/**
 * One watched method, as woven code knows it by number: it loads, or it releases what was loaded.
 *
 * @param id counts from 0
 * @param method {@code Class#method}
 * @param label the template behind {@code as}, or null
 * @param needsArguments whether woven code hands over the arguments
 * @param close how to dispose of a result, or null
 * @param deadlineNanos how long a load may take, 0 for no limit
 * @param releases whether it releases what loads have brought in, instead of loading
 */
public record Site(int id, String method, String label, boolean needsArguments, CloseMethod close, long deadlineNanos,
                   boolean releases) {
    /** A constructor can be left without a word: by what the constructor above it throws. */
    public boolean isConstructor() {
        return method.endsWith("#<init>");
    }
}
