/*
 * For tests of the agent: speaks as a jemalloc (man 3 jemalloc) that another thread is purging: the first purge answers 0 and does nothing. Its pages are figures only.
 */
#include <errno.h>
#include <string.h>

static size_t dirty_pages = 51200; /* 200 MiB */
static int purges;

static int answer(void *into, size_t *length, const void *value, size_t size) {
    if (length == NULL || *length != size) {
        return EINVAL;
    }
    memcpy(into, value, size);
    return 0;
}

__attribute__((visibility("default"))) int je_mallctl(const char *name, void *old, size_t *old_length, void *new, size_t new_length) {
    static const char *const VERSION = "5.9.9-busy";
    static const size_t PAGE = 4096;
    static const size_t NONE = 0;
    (void) new;
    (void) new_length;
    if (strcmp(name, "version") == 0) {
        return answer(old, old_length, &VERSION, sizeof VERSION);
    }
    if (strcmp(name, "arenas.page") == 0) {
        return answer(old, old_length, &PAGE, sizeof PAGE);
    }
    if (strcmp(name, "stats.arenas.4096.pdirty") == 0) {
        return answer(old, old_length, &dirty_pages, sizeof dirty_pages);
    }
    if (strcmp(name, "stats.arenas.4096.pmuzzy") == 0) {
        return answer(old, old_length, &NONE, sizeof NONE);
    }
    if (strcmp(name, "arena.4096.purge") == 0) {
        dirty_pages = ++purges > 1 ? 0 : dirty_pages;
        return 0;
    }
    return strcmp(name, "epoch") == 0 ? 0 : ENOENT;
}
