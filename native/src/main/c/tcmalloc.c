#include "ebb.h"
#include <dlfcn.h>
#include <errno.h>
#include <time.h>

/*
 * Two makes with one ancestor. gperftools has a C interface; Google's has only the C symbols below its C++ one, where a name comes with its length.
 * Both know the same properties by the same names (malloc_extension.h), and both hold the lock of their page heap while they release: whoever needs pages waits.
 */
enum { PROPERTY, OWNERSHIP, VERSION, IDLE, SLICE };
enum { OWNED = 1 }; /* kOwned of both */

typedef int gperftools_property(const char *name, size_t *value);
typedef _Bool google_property(const char *name, size_t length, size_t *value);

static long long property(const struct allocator *tcmalloc, const char *name) {
    size_t value = 0;
    size_t length = 0;
    int known;
    if (tcmalloc->kind == &GPERFTOOLS_TCMALLOC) {
        known = ((gperftools_property *) tcmalloc->functions[PROPERTY])(name, &value);
    } else {
        while (name[length] != 0) {
            length++;
        }
        known = ((google_property *) tcmalloc->functions[PROPERTY])(name, length, &value);
    }
    return known ? (long long) value : UNKNOWN;
}

/*
 * Who needs pages waits for one slice and not for all: docs/benchmarks.md has the figures by which this size was chosen. A span is released as a whole, so that one large span is one
 * slice. Without the gap the lock, which is not fair, would go back to us.
 */
static const size_t SLICE_BYTES = 32 << 20;
static const long GAP_NANOS = 50000;

static void release_in_slices(const struct allocator *tcmalloc, void (*release)(size_t)) {
    const struct timespec gap = {0, GAP_NANOS};
    /* no more than there is now: others may free as fast as this releases */
    for (long long left = property(tcmalloc, "tcmalloc.pageheap_free_bytes"); left > 0; left -= (long long) SLICE_BYTES) {
        release(SLICE_BYTES);
        nanosleep(&gap, NULL);
    }
}

static int gperftools_open(struct allocator *tcmalloc, const struct object *object) {
    tcmalloc->functions[PROPERTY] = look_up(object, "MallocExtension_GetNumericProperty");
    tcmalloc->functions[OWNERSHIP] = look_up(object, "MallocExtension_GetOwnership");
    tcmalloc->functions[VERSION] = look_up(object, "tc_version");
    tcmalloc->functions[IDLE] = look_up(object, "MallocExtension_MarkThreadTemporarilyIdle"); /* empties the thread's cache and keeps it */
    tcmalloc->functions[SLICE] = look_up(object, "MallocExtension_ReleaseToSystem");
    return tcmalloc->functions[PROPERTY] == NULL || tcmalloc->functions[OWNERSHIP] == NULL;
}

static int google_open(struct allocator *tcmalloc, const struct object *object) {
    tcmalloc->functions[PROPERTY] = look_up(object, "MallocExtension_Internal_GetNumericProperty");
    tcmalloc->functions[OWNERSHIP] = look_up(object, "MallocExtension_Internal_GetOwnership");
    tcmalloc->functions[IDLE] = look_up(object, "MallocExtension_Internal_MarkThreadIdle");
    return tcmalloc->functions[PROPERTY] == NULL || tcmalloc->functions[OWNERSHIP] == NULL;
}

/* Programs that only link the interface, with its stubs that do nothing, own no block. */
static int tcmalloc_serves_malloc(const struct allocator *tcmalloc) {
    void *block = malloc(4096);
    int serves = block != NULL && ((int (*)(const void *)) tcmalloc->functions[OWNERSHIP])(block) == OWNED;
    free(block);
    return serves;
}

static void gperftools_describe(const struct allocator *tcmalloc, struct text *text) {
    int major, minor;
    const char *patch;
    append(text, "tcmalloc");
    if (tcmalloc->functions[VERSION] != NULL) {
        append(text, " ");
        append(text, ((const char *(*)(int *, int *, const char **)) tcmalloc->functions[VERSION])(&major, &minor, &patch)); /* "gperftools 2.10" */
    }
}

static void google_describe(const struct allocator *tcmalloc, struct text *text) {
    (void) tcmalloc;
    append(text, "tcmalloc google"); /* it is released without version numbers */
}

static void append_property(const struct allocator *tcmalloc, struct text *text, const char *name, const char *shown) {
    long long value = property(tcmalloc, name);
    if (value != UNKNOWN) {
        append(text, text->length == 0 ? "" : " ");
        append(text, shown);
        append_number(text, value);
    }
}

static void tcmalloc_settings(const struct allocator *tcmalloc, struct text *text) {
    append_property(tcmalloc, text, "tcmalloc.aggressive_memory_decommit", "aggressive_memory_decommit=");
    append_property(tcmalloc, text, "tcmalloc.max_total_thread_cache_bytes", "max_total_thread_cache_bytes=");
}

static long long sum_of(const struct allocator *tcmalloc, const char *const names[], size_t count) {
    long long sum = UNKNOWN;
    for (size_t i = 0; i < count; i++) {
        long long bytes = property(tcmalloc, names[i]);
        if (bytes != UNKNOWN) {
            sum = bytes + (sum == UNKNOWN ? 0 : sum);
        }
    }
    return sum;
}

static long long plus(long long a, long long b) {
    return a == UNKNOWN ? b : b == UNKNOWN ? a : a + b;
}

static void tcmalloc_statistics(const struct allocator *tcmalloc, long long into[STATISTICS]) {
    static const char *const OF_THREADS[] = {"tcmalloc.current_total_thread_cache_bytes", "tcmalloc.cpu_free"};
    static const char *const SHARED[] = {"tcmalloc.central_cache_free_bytes", "tcmalloc.transfer_cache_free_bytes"};
    into[ALLOCATED] = property(tcmalloc, "generic.current_allocated_bytes");
    into[MAPPED] = property(tcmalloc, "generic.heap_size");
    into[RECLAIMABLE] = into[DIRTY] = property(tcmalloc, "tcmalloc.pageheap_free_bytes");
    into[THREAD_CACHES] = sum_of(tcmalloc, OF_THREADS, sizeof OF_THREADS / sizeof *OF_THREADS);
    into[FRAGMENTED] = sum_of(tcmalloc, SHARED, sizeof SHARED / sizeof *SHARED); /* free room in pages of which another part is in use */
    into[CACHED] = plus(plus(into[DIRTY], into[THREAD_CACHES]), into[FRAGMENTED]);
    into[RETAINED] = property(tcmalloc, "tcmalloc.pageheap_unmapped_bytes");
    into[RESIDENT] = property(tcmalloc, tcmalloc->kind == &GPERFTOOLS_TCMALLOC ? "generic.total_physical_bytes" : "generic.physical_memory_used");
}

static int gperftools_purge(const struct allocator *tcmalloc, struct text *way) {
    if (tcmalloc->functions[SLICE] != NULL) {
        append(way, "MallocExtension_ReleaseToSystem");
        release_in_slices(tcmalloc, (void (*)(size_t)) tcmalloc->functions[SLICE]);
    } else {
        append(way, "MallocExtension_ReleaseFreeMemory");
        ((void (*)(void)) tcmalloc->entry)();
    }
    return 0;
}

static int google_purge(const struct allocator *tcmalloc, struct text *way) {
    append(way, "MallocExtension_Internal_ReleaseMemoryToSystem");
    release_in_slices(tcmalloc, (void (*)(size_t)) tcmalloc->entry); /* newer ones answer how much; older ones are void */
    return 0;
}

static int tcmalloc_flush(const struct allocator *tcmalloc) {
    if (tcmalloc->functions[IDLE] == NULL) {
        return ENOSYS;
    }
    ((void (*)(void)) tcmalloc->functions[IDLE])();
    return 0;
}

const struct kind GPERFTOOLS_TCMALLOC = {
    .stalls_others = 1, .open = gperftools_open, .serves_malloc = tcmalloc_serves_malloc, .describe = gperftools_describe, .settings = tcmalloc_settings,
    .statistics = tcmalloc_statistics, .purge = gperftools_purge, .flush = tcmalloc_flush,
};
const struct kind GOOGLE_TCMALLOC = {
    .stalls_others = 1, .open = google_open, .serves_malloc = tcmalloc_serves_malloc, .describe = google_describe, .settings = tcmalloc_settings,
    .statistics = tcmalloc_statistics, .purge = google_purge, .flush = tcmalloc_flush,
};
