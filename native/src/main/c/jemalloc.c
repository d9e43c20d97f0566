#include "ebb.h"
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <sys/types.h>

/* Names and types of the controls: man 3 jemalloc, "MALLCTL NAMESPACE". */
typedef int mallctl_function(const char *name, void *old, size_t *old_length, void *new, size_t new_length);

enum { ALL_ARENAS = 4096 }; /* MALLCTL_ARENAS_ALL of jemalloc 5 */

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

static int jemalloc_open(struct allocator *jemalloc, const struct object *object) {
    (void) object;
    const char *version;
    return read_control(jemalloc, "version", &version, sizeof version);
}

static int has_control(const struct allocator *jemalloc, const char *name) {
    char value[16];
    size_t length = 0; /* never the right one: what there is answers EINVAL, and what there is not ENOENT */
    return mallctl_of(jemalloc)(name, value, &length, NULL, 0) != ENOENT;
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
    return serves;
}

/* LWJGL's and other builds outside git call themselves 0.0.0: then the newest control that they have tells the release, "~5.2". */
static const char *release_by_controls(const struct allocator *jemalloc) {
    return has_control(jemalloc, "opt.tcache_max") ? "~5.3" : has_control(jemalloc, "opt.oversize_threshold") ? "~5.2"
        : has_control(jemalloc, "background_thread") ? "~5.0" : has_control(jemalloc, "opt.thp") ? "~4.5" : "~4";
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
    append(text, release[0] == '0' ? release_by_controls(jemalloc) : release);
}

static void append_setting(struct text *text, const char *name) {
    append(text, text->length == 0 ? "" : " ");
    append(text, name);
    append(text, "=");
}

static void append_flag(const struct allocator *jemalloc, struct text *text, const char *control, const char *shown) {
    _Bool flag;
    if (read_control(jemalloc, control, &flag, sizeof flag) == 0) {
        append_setting(text, shown);
        append(text, flag ? "true" : "false");
    }
}

static void append_millis(const struct allocator *jemalloc, struct text *text, const char *control, const char *shown) {
    ssize_t millis;
    if (read_control(jemalloc, control, &millis, sizeof millis) == 0) {
        append_setting(text, shown);
        append_number(text, millis);
    }
}

static void append_word(const struct allocator *jemalloc, struct text *text, const char *control, const char *shown) {
    const char *word;
    if (read_control(jemalloc, control, &word, sizeof word) == 0 && word != NULL) {
        append_setting(text, shown);
        append(text, word);
    }
}

/* What is set now, and opt.* what it was started with. */
static void jemalloc_settings(const struct allocator *jemalloc, struct text *text) {
    unsigned arenas;
    append_flag(jemalloc, text, "background_thread", "background_thread");
    append_millis(jemalloc, text, "arenas.dirty_decay_ms", "dirty_decay_ms");
    append_millis(jemalloc, text, "arenas.muzzy_decay_ms", "muzzy_decay_ms");
    append_millis(jemalloc, text, "opt.lg_dirty_mult", "lg_dirty_mult"); /* jemalloc 4: dirty pages at most active ones / 2^this, -1 for no limit */
    if (read_control(jemalloc, "opt.narenas", &arenas, sizeof arenas) == 0) {
        append_setting(text, "narenas");
        append_number(text, arenas);
    }
    append_word(jemalloc, text, "opt.thp", "thp");
    append_flag(jemalloc, text, "opt.tcache", "tcache");
    append_flag(jemalloc, text, "opt.retain", "retain");
}

static struct text arena_control(const char *prefix, long long arena, const char *suffix) {
    struct text name = {0};
    append(&name, prefix);
    append_number(&name, arena);
    append(&name, suffix);
    return name;
}

/* A sum of all arenas, in bytes or pages. Jemalloc 4 has it under their number. */
static long long sum_of(const struct allocator *jemalloc, const char *which) {
    unsigned arenas;
    struct text name = arena_control("stats.arenas.", ALL_ARENAS, which);
    long long sum = read_bytes(jemalloc, name.characters);
    if (sum == UNKNOWN && read_control(jemalloc, "arenas.narenas", &arenas, sizeof arenas) == 0) {
        name = arena_control("stats.arenas.", arenas, which);
        sum = read_bytes(jemalloc, name.characters);
    }
    return sum;
}

static long long pages_of(const struct allocator *jemalloc, const char *which) {
    long long page = read_bytes(jemalloc, "arenas.page");
    long long pages = sum_of(jemalloc, which);
    return page == UNKNOWN || pages == UNKNOWN ? UNKNOWN : pages * page;
}

static long long or_zero(long long bytes) {
    return bytes == UNKNOWN ? 0 : bytes;
}

/* The counts are those of the last time that epoch was written: 47 us with 16 arenas. */
static void renew(const struct allocator *jemalloc) {
    uint64_t epoch = 1;
    mallctl_of(jemalloc)("epoch", NULL, NULL, &epoch, sizeof epoch);
}

/* A figure of one size of small blocks; the controls differ in type, jemalloc counts blocks as uint64_t and slabs as size_t, which are the same here. */
static long long bin_value(const struct allocator *jemalloc, struct text prefix, unsigned bin, const char *which) {
    append_number(&prefix, bin);
    append(&prefix, which);
    return read_bytes(jemalloc, prefix.characters);
}

/*
 * Free room in the slabs of small blocks, each of which at least one live block keeps. Not the pages in use less the blocks in use: every large block has a page more than its size
 * (opt.cache_oblivious), so that difference grows with live large blocks that fragment nothing.
 */
static long long free_room_in_slabs(const struct allocator *jemalloc, unsigned arena) { /* ALL_ARENAS for their sum, in jemalloc 5 */
    unsigned bins;
    long long room = 0;
    struct text of_arena = arena_control("stats.arenas.", arena, ".bins.");
    struct text of_all = {0};
    append(&of_all, "arenas.bin.");
    if (read_control(jemalloc, "arenas.nbins", &bins, sizeof bins) != 0) {
        return UNKNOWN;
    }
    for (unsigned bin = 0; bin < bins; bin++) {
        long long slabs = bin_value(jemalloc, of_arena, bin, ".curslabs");
        long long blocks = bin_value(jemalloc, of_arena, bin, ".curregs");
        long long slab_bytes = bin_value(jemalloc, of_all, bin, ".slab_size");
        long long block_bytes = bin_value(jemalloc, of_all, bin, ".size");
        if (slabs == UNKNOWN || blocks == UNKNOWN || slab_bytes == UNKNOWN || block_bytes == UNKNOWN) {
            return UNKNOWN;
        }
        room += slabs * slab_bytes - blocks * block_bytes;
    }
    return room;
}

/* What jemalloc calls allocated includes the blocks in caches of threads. Numbers of dirty pages are there also in a build without statistics. */
static void jemalloc_statistics(const struct allocator *jemalloc, long long into[STATISTICS]) {
    unsigned arenas;
    renew(jemalloc);
    long long allocated = read_bytes(jemalloc, "stats.allocated");
    into[ACTIVE] = read_bytes(jemalloc, "stats.active");
    into[RESIDENT] = read_bytes(jemalloc, "stats.resident");
    into[MAPPED] = read_bytes(jemalloc, "stats.mapped");
    into[RETAINED] = read_bytes(jemalloc, "stats.retained");
    into[METADATA] = read_bytes(jemalloc, "stats.metadata");
    into[DIRTY] = pages_of(jemalloc, ".pdirty");
    into[MUZZY] = pages_of(jemalloc, ".pmuzzy"); /* jemalloc 5 only */
    into[RECLAIMABLE] = into[DIRTY] == UNKNOWN ? UNKNOWN : into[DIRTY] + or_zero(into[MUZZY]);
    if (read_control(jemalloc, "arenas.narenas", &arenas, sizeof arenas) == 0) {
        into[ARENAS] = arenas;
    }
    if (allocated != UNKNOWN) {
        into[THREAD_CACHES] = sum_of(jemalloc, ".tcache_bytes");
        into[ALLOCATED] = allocated - or_zero(into[THREAD_CACHES]);
        into[FRAGMENTED] = free_room_in_slabs(jemalloc, ALL_ARENAS);
    }
    if (into[FRAGMENTED] != UNKNOWN && into[RECLAIMABLE] != UNKNOWN) {
        into[CACHED] = into[RECLAIMABLE] + or_zero(into[THREAD_CACHES]) + into[FRAGMENTED];
        return;
    }
    /* before jemalloc 5, which has slabs by other names: with a page too many for each large block */
    into[FRAGMENTED] = allocated == UNKNOWN || into[ACTIVE] == UNKNOWN ? UNKNOWN : into[ACTIVE] - allocated;
    if (into[RESIDENT] != UNKNOWN && into[ALLOCATED] != UNKNOWN && into[METADATA] != UNKNOWN) {
        long long cached = into[RESIDENT] - into[ALLOCATED] - into[METADATA];
        into[CACHED] = (cached < 0 ? 0 : cached) + or_zero(into[MUZZY]); /* not in stats.resident, and resident until the kernel wants them */
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

/* Fails where caches of threads are off. */
static int jemalloc_flush(const struct allocator *jemalloc) {
    return mallctl_of(jemalloc)("thread.tcache.flush", NULL, NULL, NULL, 0);
}

static int jemalloc_purge(const struct allocator *jemalloc, struct text *way) {
    jemalloc_flush(jemalloc);
    append(way, "arena.4096.purge");
    if (purge_arena(jemalloc, ALL_ARENAS) == 0) {
        return 0;
    }
    *way = (struct text) {0};
    append(way, "arena.<i>.purge");
    return purge_each_arena(jemalloc);
}

const struct kind JEMALLOC = {
    .open = jemalloc_open, .serves_malloc = jemalloc_serves_malloc, .describe = jemalloc_describe, .settings = jemalloc_settings, .statistics = jemalloc_statistics,
    .purge = jemalloc_purge, .flush = jemalloc_flush,
};

/* ---- of the program's own malloc, for any thread */

static const struct allocator *own(void) {
    const struct allocator *allocator = allocator_of_malloc();
    return allocator != NULL && allocator->kind == &JEMALLOC ? allocator : NULL;
}

int thread_counters(uint64_t **allocated, uint64_t **deallocated) {
    const struct allocator *jemalloc = own();
    int error = jemalloc == NULL ? ENOENT : read_control(jemalloc, "thread.allocatedp", allocated, sizeof *allocated);
    return error != 0 ? error : read_control(jemalloc, "thread.deallocatedp", deallocated, sizeof *deallocated);
}

/* 47 us and 88 KiB that are never given back, 4086 times at most; FACTS 10 tells why there is no way to end an arena. */
int create_arena(unsigned *arena) {
    const struct allocator *jemalloc = own();
    return jemalloc == NULL ? ENOENT : read_control(jemalloc, "arenas.create", arena, sizeof *arena);
}

/* Blocks in the thread's cache belong to the arena before: flushed, so that every block taken from now on comes from the new one. */
int bind_thread(unsigned arena, unsigned *before) {
    const struct allocator *jemalloc = own();
    size_t length = sizeof *before;
    if (jemalloc == NULL) {
        return ENOENT;
    }
    jemalloc_flush(jemalloc);
    return mallctl_of(jemalloc)("thread.arena", before, &length, &arena, sizeof arena);
}

static long long arena_value(const struct allocator *jemalloc, unsigned arena, const char *which) {
    struct text name = arena_control("stats.arenas.", arena, which);
    return read_bytes(jemalloc, name.characters);
}

int arena_statistics(unsigned arena, long long into[STATISTICS]) {
    const struct allocator *jemalloc = own();
    if (jemalloc == NULL) {
        return ENOENT;
    }
    renew(jemalloc);
    long long page = read_bytes(jemalloc, "arenas.page");
    long long small = arena_value(jemalloc, arena, ".small.allocated");
    long long large = arena_value(jemalloc, arena, ".large.allocated");
    if (page == UNKNOWN || small == UNKNOWN || large == UNKNOWN) {
        return ENOENT;
    }
    into[THREAD_CACHES] = or_zero(arena_value(jemalloc, arena, ".tcache_bytes"));
    into[ALLOCATED] = small + large - into[THREAD_CACHES];
    into[ACTIVE] = arena_value(jemalloc, arena, ".pactive") * page;
    into[RESIDENT] = arena_value(jemalloc, arena, ".resident");
    into[DIRTY] = arena_value(jemalloc, arena, ".pdirty") * page;
    into[MUZZY] = arena_value(jemalloc, arena, ".pmuzzy") * page;
    into[RECLAIMABLE] = into[DIRTY] + into[MUZZY];
    into[FRAGMENTED] = free_room_in_slabs(jemalloc, arena);
    return 0;
}
