#include "ebb.h"
#include <dlfcn.h>

enum { VERSION, IS_MINE };

static int mimalloc_open(struct allocator *mimalloc, const struct object *object) {
    mimalloc->functions[VERSION] = look_up(object, "mi_version");
    mimalloc->functions[IS_MINE] = look_up(object, "mi_is_in_heap_region");
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

/* Collects the calling thread's heap and those of ended threads. What another live thread has freed stays until that thread collects. */
static int mimalloc_purge(const struct allocator *mimalloc, struct text *way) {
    append(way, "mi_collect");
    ((void (*)(_Bool)) mimalloc->entry)(1);
    return 0;
}

static int mimalloc_flush(const struct allocator *mimalloc) {
    ((void (*)(_Bool)) mimalloc->entry)(1);
    return 0;
}

/* No statistics: mi_process_info tells of the process and not of the heaps. No settings: the numbers of its options changed from version to version. */
const struct kind MIMALLOC = {
    .open = mimalloc_open, .serves_malloc = mimalloc_serves_malloc, .describe = mimalloc_describe, .purge = mimalloc_purge, .flush = mimalloc_flush,
};
