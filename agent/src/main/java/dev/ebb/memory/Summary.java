package dev.ebb.memory;

import dev.ebb.load.Purged;

import java.util.List;

/** Makes one account of a purge of several allocators: the figures of the one behind {@code malloc}, and a note about the others. */
final class Summary {
    private Summary() { }

    static Purged of(List<Allocators.Result> results, long returnedBytes, long nanos) {
        Allocators.Result main = null;
        String others = "";
        for (Allocators.Result result : results) {
            if (result.allocator().servesMalloc() && main == null) {
                main = result;
            } else {
                others += (others.isEmpty() ? "" : "; ") + describe(result);
            }
        }
        if (main == null) {
            return new Purged("none", "skipped", returnedBytes, nanos, -1, -1, join("the libc of this system has nothing to purge with", others));
        }
        return new Purged(main.allocator().name(), main.way(), returnedBytes, nanos, main.allocatedBytes(), main.cachedBytes(), join(main.note(), others));
    }

    private static String describe(Allocators.Result result) {
        return "also " + result.allocator().name() + " in " + result.allocator().origin() + ": " + result.way() + (result.note().isEmpty() ? "" : ", " + result.note());
    }

    private static String join(String first, String second) {
        return first.isEmpty() || second.isEmpty() ? first + second : first + "; " + second;
    }
}
