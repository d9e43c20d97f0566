/*
 * For tests of the agent: the C side of Google's tcmalloc (tcmalloc/internal_malloc_extension.h), which no package of Debian or Maven Central brings. Names come with their length and
 * are not ended by 0. Its pages are figures only.
 */
#include <stdbool.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

static size_t page_heap_free = 64 << 20;

static bool is(const char *name, size_t length, const char *expected) {
    return length == strlen(expected) && memcmp(name, expected, length) == 0;
}

EXPORT bool MallocExtension_Internal_GetNumericProperty(const char *name, size_t length, size_t *value) {
    *value = is(name, length, "generic.current_allocated_bytes") ? 10 << 20 : is(name, length, "tcmalloc.pageheap_free_bytes") ? page_heap_free
        : is(name, length, "tcmalloc.cpu_free") ? 3 << 20 : is(name, length, "tcmalloc.central_cache_free_bytes") ? 2 << 20 : 0;
    return *value != 0 || is(name, length, "tcmalloc.pageheap_free_bytes");
}

EXPORT int MallocExtension_Internal_GetOwnership(const void *block) {
    (void) block;
    return 2; /* kNotOwned */
}

EXPORT size_t MallocExtension_Internal_ReleaseMemoryToSystem(size_t bytes) {
    size_t released = bytes < page_heap_free ? bytes : page_heap_free;
    page_heap_free -= released;
    return released;
}
