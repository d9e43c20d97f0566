#include "ebb.h"
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <sys/types.h>

/* Names and types of the controls: man 3 jemalloc, "MALLCTL NAMESPACE". */
typedef int mallctl_function(const char *name, void *old, size_t *old_length, void *new, size_t new_length);

enum { ALL_ARENAS = 4096 }; /* MALLCTL_ARENAS_ALL of jemalloc 5 */

/* The mallctl of the program's own malloc, which is never unloaded; written once, read by any thread. */
static mallctl_function *volatile mallctl_of_malloc;

static mallctl_function *mallctl_of(const struct allocator *jemalloc) {
    return (mallctl_function *) jemalloc->entry;
}

static int read_control(const struct allocator *jemalloc, const char *name, void *into, size_t length) {
    size_t actual = length;
    int error = mallctl_of(jemalloc)(name, into, &actual, NULL, 0);
    return error != 0 ? error : actual == length ? 0 : EINVAL;
}

static long long read_bytes(const struct allocator *jemalloc, const char *name) {
    size_t bytes;
    return read_control(jemalloc, name, &bytes, sizeof bytes) == 0 ? (long long) bytes : UNKNOWN;
}

static int jemalloc_open(struct allocator *jemalloc, void *handle) {
    (void) handle;
    const char *version;
    return read_control(jemalloc, "version", &version, sizeof version);
}

/* The calling thread's count of allocated bytes moves if, and only if, malloc ends here. A build without statistics has no such count: there the object decides. */
static int jemalloc_serves_malloc(const struct allocator *jemalloc) {
    volatile uint64_t *allocated;
    int serves;
    if (read_control(jemalloc, "thread.allocatedp", &allocated, sizeof allocated) == 0) {
        uint64_t before = *allocated;
        void *block = malloc(4096);
        serves = block != NULL && *allocated - before >= 4096;
        free(block);
    } else {
        serves = object_of(dlsym(RTLD_DEFAULT, "malloc")) == object_of(jemalloc->entry);
    }
    if (serves) {
        mallctl_of_malloc = mallctl_of(jemalloc);
    }
    return serves;
}

/* "5.3.0-0-g54eaed1d8b56b1aa528be3bdd1877e59c9cba1c" is shown without the commit */
static void jemalloc_describe(const struct allocator *jemalloc, struct text *text) {
    const char *version = "";
    char release[16];
    size_t length = 0;
    read_control(jemalloc, "version", &version, sizeof version);
    while (version[length] != 0 && version[length] != '-' && length < sizeof release - 1) {
        release[length] = version[length];
        length++;
    }
    release[length] = 0;
    append(text, "jemalloc ");
    append(text, release);
}

static void jemalloc_settings(const struct allocator *jemalloc, struct text *text) {
    _Bool background_thread;
    ssize_t dirty_decay_millis;
    unsigned arenas;
    if (read_control(jemalloc, "background_thread", &background_thread, sizeof background_thread) == 0) {
        append(text, background_thread ? "background_thread=true " : "background_thread=false ");
    }
    if (read_control(jemalloc, "arenas.dirty_decay_ms", &dirty_decay_millis, sizeof dirty_decay_millis) == 0) {
        append(text, "dirty_decay_ms=");
        append_number(text, dirty_decay_millis);
        append(text, " ");
    }
    if (read_control(jemalloc, "opt.narenas", &arenas, sizeof arenas) == 0) {
        append(text, "narenas=");
        append_number(text, arenas);
    }
}

static struct text arena_control(const char *prefix, long long arena, const char *suffix) {
    struct text name = {0};
    append(&name, prefix);
    append_number(&name, arena);
    append(&name, suffix);
    return name;
}

/* Jemalloc 4 has the sum of all arenas under their number. */
static long long pages(const struct allocator *jemalloc, const char *which) {
    unsigned arenas;
    struct text name = arena_control("stats.arenas.", ALL_ARENAS, which);
    long long pages = read_bytes(jemalloc, name.characters);
    if (pages == UNKNOWN && read_control(jemalloc, "arenas.narenas", &arenas, sizeof arenas) == 0) {
        name = arena_control("stats.arenas.", arenas, which);
        pages = read_bytes(jemalloc, name.characters);
    }
    return pages;
}

static long long reclaimable(const struct allocator *jemalloc) {
    long long page = read_bytes(jemalloc, "arenas.page");
    long long dirty = pages(jemalloc, ".pdirty");
    long long muzzy = pages(jemalloc, ".pmuzzy"); /* jemalloc 5 only */
    return page == UNKNOWN || dirty == UNKNOWN ? UNKNOWN : (dirty + (muzzy == UNKNOWN ? 0 : muzzy)) * page;
}

/* The counts are those of the last time that epoch was written: 47 us with 16 arenas. Numbers of dirty pages are there also in a build without statistics. */
static void jemalloc_statistics(const struct allocator *jemalloc, long long into[STATISTICS]) {
    uint64_t epoch = 1;
    mallctl_of(jemalloc)("epoch", NULL, NULL, &epoch, sizeof epoch);
    into[ALLOCATED] = read_bytes(jemalloc, "stats.allocated");
    into[ACTIVE] = read_bytes(jemalloc, "stats.active");
    into[RESIDENT] = read_bytes(jemalloc, "stats.resident");
    into[MAPPED] = read_bytes(jemalloc, "stats.mapped");
    into[RETAINED] = read_bytes(jemalloc, "stats.retained");
    into[METADATA] = read_bytes(jemalloc, "stats.metadata");
    into[RECLAIMABLE] = reclaimable(jemalloc);
    if (into[RESIDENT] != UNKNOWN && into[ALLOCATED] != UNKNOWN && into[METADATA] != UNKNOWN) {
        long long cached = into[RESIDENT] - into[ALLOCATED] - into[METADATA];
        into[CACHED] = cached < 0 ? 0 : cached;
    }
}

static int purge_arena(const struct allocator *jemalloc, long long arena) {
    struct text name = arena_control("arena.", arena, ".purge");
    return mallctl_of(jemalloc)(name.characters, NULL, NULL, NULL, 0);
}

/* For a jemalloc that knows no number for all arenas, or refuses it. An arena that was never used answers with an error, which is none of ours as long as one took the call. */
static int purge_each_arena(const struct allocator *jemalloc) {
    unsigned arenas;
    int error = read_control(jemalloc, "arenas.narenas", &arenas, sizeof arenas);
    int purged = 0;
    for (unsigned arena = 0; error == 0 && arena < arenas; arena++) {
        purged += purge_arena(jemalloc, arena) == 0;
    }
    return error != 0 ? error : purged > 0 ? 0 : ENOENT;
}

static int jemalloc_purge(const struct allocator *jemalloc, struct text *way) {
    mallctl_of(jemalloc)("thread.tcache.flush", NULL, NULL, NULL, 0); /* fails where thread caches are off */
    append(way, "arena.4096.purge");
    if (purge_arena(jemalloc, ALL_ARENAS) == 0) {
        return 0;
    }
    *way = (struct text) {0};
    append(way, "arena.<i>.purge");
    return purge_each_arena(jemalloc);
}

int flush_thread_cache(void) {
    mallctl_function *mallctl = mallctl_of_malloc;
    return mallctl == NULL ? ENOENT : mallctl("thread.tcache.flush", NULL, NULL, NULL, 0);
}

const struct kind JEMALLOC = {0, jemalloc_open, jemalloc_serves_malloc, jemalloc_describe, jemalloc_settings, jemalloc_statistics, jemalloc_purge};
