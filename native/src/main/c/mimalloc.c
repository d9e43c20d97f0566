#include "ebb.h"
#include <dlfcn.h>

enum { VERSION, IS_MINE };

static int mimalloc_open(struct allocator *mimalloc, void *handle) {
    mimalloc->functions[VERSION] = dlsym(handle, "mi_version");
    mimalloc->functions[IS_MINE] = dlsym(handle, "mi_is_in_heap_region");
    return mimalloc->functions[VERSION] == NULL || mimalloc->functions[IS_MINE] == NULL;
}

static int mimalloc_serves_malloc(const struct allocator *mimalloc) {
    void *block = malloc(4096);
    int serves = block != NULL && ((_Bool (*)(const void *)) mimalloc->functions[IS_MINE])(block);
    free(block);
    return serves;
}

/* 209 is 2.0.9; five digits, 20405 for 2.4.5, in newer ones (MI_MALLOC_VERSION in mimalloc.h) */
static void mimalloc_describe(const struct allocator *mimalloc, struct text *text) {
    int version = ((int (*)(void)) mimalloc->functions[VERSION])();
    int base = version < 10000 ? 10 : 100;
    append(text, "mimalloc ");
    append_version(text, version / (base * base), version / base % base, version % base);
}

static void mimalloc_settings(const struct allocator *mimalloc, struct text *text) {
    (void) mimalloc;
    (void) text; /* the numbers of its options changed from version to version */
}

static void mimalloc_statistics(const struct allocator *mimalloc, long long into[STATISTICS]) {
    (void) mimalloc;
    (void) into; /* mi_process_info tells of the process and not of the heaps */
}

/* Collects the calling thread's heap and those of ended threads. What another live thread has freed stays until that thread collects. */
static int mimalloc_purge(const struct allocator *mimalloc, struct text *way) {
    append(way, "mi_collect");
    ((void (*)(_Bool)) mimalloc->entry)(1);
    return 0;
}

const struct kind MIMALLOC = {0, mimalloc_open, mimalloc_serves_malloc, mimalloc_describe, mimalloc_settings, mimalloc_statistics, mimalloc_purge};
