#include "ebb.h"
#include <dlfcn.h>

/* man 3 mallinfo. All fields are size_t since mallinfo2 of glibc 2.33; the int fields of the older mallinfo wrap at 2 GiB and are no use. */
struct mallinfo2 {
    size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
};

enum { VERSION, INFO };

static int glibc_open(struct allocator *glibc, void *handle) {
    glibc->functions[VERSION] = dlsym(handle, "gnu_get_libc_version");
    glibc->functions[INFO] = dlsym(handle, "mallinfo2");
    return glibc->functions[VERSION] == NULL;
}

/* Other allocators export malloc, some malloc_trim too, and none of them the version: three from one object are glibc's own. */
static int glibc_serves_malloc(const struct allocator *glibc) {
    void *object = object_of(dlsym(RTLD_DEFAULT, "malloc"));
    return object != NULL && object == object_of(glibc->entry) && object == object_of(glibc->functions[VERSION]);
}

static void glibc_describe(const struct allocator *glibc, struct text *text) {
    append(text, "glibc ");
    append(text, ((const char *(*)(void)) glibc->functions[VERSION])());
}

static void glibc_settings(const struct allocator *glibc, struct text *text) {
    (void) glibc;
    (void) text; /* mallopt can be set and not read */
}

/*
 * Free bytes are an upper bound of what a trim returns: pages that an earlier trim gave back are still counted, so what is cached is not known. (A trim that finds such pages
 * only is short, 0.4 ms for 200 MiB: what stalls is returning pages.) Locks one arena after the other and walks its free lists.
 */
static void glibc_statistics(const struct allocator *glibc, long long into[STATISTICS]) {
    if (glibc->functions[INFO] != NULL) {
        struct mallinfo2 info = ((struct mallinfo2 (*)(void)) glibc->functions[INFO])();
        into[ALLOCATED] = (long long) (info.uordblks + info.hblkhd);
        into[MAPPED] = (long long) (info.arena + info.hblkhd);
        into[RECLAIMABLE] = (long long) info.fordblks;
    }
}

/* Threads of the arena that is being trimmed wait meanwhile, 0.15 to 0.6 s for 8 GiB. */
static int glibc_purge(const struct allocator *glibc, struct text *way) {
    append(way, "malloc_trim");
    ((int (*)(size_t)) glibc->entry)(0); /* 1 if it returned something, 0 if not: no error either way */
    return 0;
}

const struct kind GLIBC = {1, glibc_open, glibc_serves_malloc, glibc_describe, glibc_settings, glibc_statistics, glibc_purge};
