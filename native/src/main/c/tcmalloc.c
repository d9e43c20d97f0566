#include "ebb.h"
#include <dlfcn.h>
#include <stdint.h>

/*
 * Two makes with one ancestor. gperftools has a C interface; Google's has only the C symbols below its C++ one, where a name comes with its length.
 * Both know the same properties by the same names (malloc_extension.h), and both stop all threads that allocate while they release.
 */
enum { PROPERTY, OWNERSHIP, VERSION };
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

static int gperftools_open(struct allocator *tcmalloc, void *handle) {
    tcmalloc->functions[PROPERTY] = dlsym(handle, "MallocExtension_GetNumericProperty");
    tcmalloc->functions[OWNERSHIP] = dlsym(handle, "MallocExtension_GetOwnership");
    tcmalloc->functions[VERSION] = dlsym(handle, "tc_version");
    return tcmalloc->functions[PROPERTY] == NULL || tcmalloc->functions[OWNERSHIP] == NULL;
}

static int google_open(struct allocator *tcmalloc, void *handle) {
    tcmalloc->functions[PROPERTY] = dlsym(handle, "MallocExtension_Internal_GetNumericProperty");
    tcmalloc->functions[OWNERSHIP] = dlsym(handle, "MallocExtension_Internal_GetOwnership");
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

static void tcmalloc_settings(const struct allocator *tcmalloc, struct text *text) {
    long long decommit = property(tcmalloc, "tcmalloc.aggressive_memory_decommit");
    if (decommit != UNKNOWN) {
        append(text, "aggressive_memory_decommit=");
        append_number(text, decommit);
    }
}

static void tcmalloc_statistics(const struct allocator *tcmalloc, long long into[STATISTICS]) {
    static const char *const CACHES[] = {
        "tcmalloc.pageheap_free_bytes", "tcmalloc.current_total_thread_cache_bytes", "tcmalloc.central_cache_free_bytes", "tcmalloc.transfer_cache_free_bytes", "tcmalloc.cpu_free",
    };
    into[ALLOCATED] = property(tcmalloc, "generic.current_allocated_bytes");
    into[MAPPED] = property(tcmalloc, "generic.heap_size");
    into[RECLAIMABLE] = property(tcmalloc, "tcmalloc.pageheap_free_bytes");
    for (size_t i = 0; i < sizeof CACHES / sizeof *CACHES; i++) {
        long long bytes = property(tcmalloc, CACHES[i]);
        if (bytes != UNKNOWN) {
            into[CACHED] = bytes + (into[CACHED] == UNKNOWN ? 0 : into[CACHED]);
        }
    }
}

static int gperftools_purge(const struct allocator *tcmalloc, struct text *way) {
    append(way, "MallocExtension_ReleaseFreeMemory");
    ((void (*)(void)) tcmalloc->entry)();
    return 0;
}

static int google_purge(const struct allocator *tcmalloc, struct text *way) {
    append(way, "MallocExtension_Internal_ReleaseMemoryToSystem");
    ((void (*)(size_t)) tcmalloc->entry)(SIZE_MAX); /* newer ones answer how much; older ones are void */
    return 0;
}

const struct kind GPERFTOOLS_TCMALLOC = {1, gperftools_open, tcmalloc_serves_malloc, gperftools_describe, tcmalloc_settings, tcmalloc_statistics, gperftools_purge};
const struct kind GOOGLE_TCMALLOC = {1, google_open, tcmalloc_serves_malloc, google_describe, tcmalloc_settings, tcmalloc_statistics, google_purge};
