#include "ebb.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { VERSION, INFO, OPEN_MEMORY, CLOSE };

/* Heaps of the arenas but the first begin at multiples of this (HEAP_MAX_SIZE in malloc/arena.c, for 64-bit machines), and with a pointer to their arena. */
static const uintptr_t HEAP_BYTES = 64 << 20;

static int glibc_open(struct allocator *glibc, const struct object *object) {
    glibc->functions[VERSION] = look_up(object, "gnu_get_libc_version");
    glibc->functions[INFO] = look_up(object, "malloc_info");
    glibc->functions[OPEN_MEMORY] = look_up(object, "open_memstream");
    glibc->functions[CLOSE] = look_up(object, "fclose");
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

struct arenas {
    int memory;           /* /proc/self/mem: reading there fails for what was unmapped meanwhile, where a read by address would crash */
    long long resident;
};

/* Every arena's struct lies at the beginning of its first heap, behind the heap's own few words. */
static int begins_a_heap(const struct mapping *mapping, int memory) {
    uintptr_t arena = 0;
    return mapping->from % HEAP_BYTES == 0 && pread(memory, &arena, sizeof arena, (off_t) mapping->from) == sizeof arena
        && arena % HEAP_BYTES != 0 && arena % HEAP_BYTES < 4096 && arena % sizeof arena == 0;
}

static int add_resident(const struct mapping *mapping, void *into) {
    struct arenas *arenas = into;
    int arena = mapping->heap || (mapping->anonymous && mapping->readable_and_writable && begins_a_heap(mapping, arenas->memory));
    if (arena) {
        arenas->resident += (long long) resident_bytes(mapping->from, mapping->to);
    }
    return 0;
}

/* Of [heap] and of the arenas' heaps; blocks with a mapping of their own are not in it. */
static long long resident_in_arenas(void) {
    struct arenas arenas = {open("/proc/self/mem", O_RDONLY | O_CLOEXEC), 0};
    int error = each_mapping(add_resident, &arenas);
    if (arenas.memory >= 0) {
        close(arenas.memory);
    }
    return error != 0 ? UNKNOWN : arenas.resident;
}

/* What malloc_info tells (man 3 malloc_info), in bytes; mallinfo would wrap at 2 GiB, and mallinfo2 is there since glibc 2.33 only. */
struct account {
    int in_arena;
    long long arenas;
    long long system;     /* of all arenas, from the system */
    long long free;       /* of that, in free chunks, given back to the system by an earlier trim or not */
    long long mapped;     /* in blocks with a mapping of their own */
    long long in_pieces;  /* free chunks, without the whole pages in them */
};

static int starts_with(const char *text, const char *beginning) {
    while (*beginning != 0 && *text == *beginning) {
        text++;
        beginning++;
    }
    return *beginning == 0;
}

/* The number in name="number" before the tag ends; 0 if there is none, or it is more than a process can have: sums of some thousands of them cannot overflow. */
static long long attribute(const char *tag, const char *name_and_quote) {
    const long long most = 1LL << 47;
    long long number = 0;
    while (*tag != 0 && *tag != '>' && !starts_with(tag, name_and_quote)) {
        tag++;
    }
    if (*tag == 0 || *tag == '>') {
        return 0;
    }
    while (*tag != '"') {
        tag++;
    }
    for (tag++; *tag >= '0' && *tag <= '9'; tag++) {
        if (number > most / 10) {
            return 0;
        }
        number = number * 10 + *tag - '0';
    }
    return number;
}

/* Where a chunk begins in its page is chance: one of n bytes has n / 4096 - 1 whole pages on average, and the rest of it cannot be returned. */
static long long bytes_in_pieces(const char *tag) {
    long long bytes = attribute(tag, " total=\"");
    long long at_most = attribute(tag, " count=\"") * 4096;
    return bytes < at_most ? bytes : at_most;
}

static void read_tag(const char *tag, struct account *account) {
    if (starts_with(tag, "heap ")) {
        account->in_arena = 1;
        account->arenas++;
    } else if (starts_with(tag, "/heap")) {
        account->in_arena = 0; /* what follows after the last are the sums */
    } else if (account->in_arena) {
        account->in_pieces += starts_with(tag, "size ") || starts_with(tag, "unsorted ") ? bytes_in_pieces(tag) : 0;
    } else if (starts_with(tag, "total type=\"fast\"")) {
        account->free += attribute(tag, " size=\"");
        account->in_pieces += attribute(tag, " size=\"");
    } else if (starts_with(tag, "total type=\"rest\"")) {
        account->free += attribute(tag, " size=\"");
    } else if (starts_with(tag, "total type=\"mmap\"")) {
        account->mapped = attribute(tag, " size=\"");
    } else if (starts_with(tag, "system type=\"current\"")) {
        account->system = attribute(tag, " size=\"");
    }
}

/* Walks all free lists under the arenas' locks, one after the other, and writes some KiB of text. 0, or not 0 if it cannot be had. */
static int read_account(const struct allocator *glibc, struct account *account) {
    char *xml = NULL;
    size_t length = 0;
    if (glibc->functions[INFO] == NULL || glibc->functions[OPEN_MEMORY] == NULL || glibc->functions[CLOSE] == NULL) {
        return 1;
    }
    FILE *stream = ((FILE *(*)(char **, size_t *)) glibc->functions[OPEN_MEMORY])(&xml, &length);
    if (stream == NULL) {
        return 1;
    }
    int error = ((int (*)(int, FILE *)) glibc->functions[INFO])(0, stream);
    error |= ((int (*)(FILE *)) glibc->functions[CLOSE])(stream);
    for (const char *at = xml; error == 0 && at != NULL && *at != 0; at++) {
        if (*at == '<') {
            read_tag(at + 1, account);
        }
    }
    free(xml);
    return error != 0 || account->system == 0;
}

/* Blocks that were never written, and pages of free chunks that an earlier trim returned, are not resident: what is cached is what of the arenas is resident beyond the live blocks. */
static void glibc_statistics(const struct allocator *glibc, long long into[STATISTICS]) {
    struct account account = {0};
    if (read_account(glibc, &account) != 0) {
        return;
    }
    long long resident = resident_in_arenas();
    long long live = account.system - account.free;
    into[ALLOCATED] = live + account.mapped;
    into[MAPPED] = account.system + account.mapped;
    into[ARENAS] = account.arenas;
    into[FRAGMENTED] = account.in_pieces;
    into[RECLAIMABLE] = account.free - account.in_pieces;
    if (resident != UNKNOWN) {
        long long cached = resident > live ? resident - live : 0;
        long long whole = cached > account.in_pieces ? cached - account.in_pieces : 0;
        into[RESIDENT] = resident + account.mapped;
        into[CACHED] = cached;
        into[RECLAIMABLE] = whole < into[RECLAIMABLE] ? whole : into[RECLAIMABLE];
        into[FRAGMENTED] = cached - into[RECLAIMABLE] < account.in_pieces ? cached - into[RECLAIMABLE] : account.in_pieces;
    }
}

/*
 * Below another allocator libc's heap is idle: trimming it stalls and returns nothing. But a library that was loaded with RTLD_DEEPBIND (man 3 dlopen), or that calls __libc_malloc,
 * has its blocks here although another allocator was preloaded. libc itself takes some KiB.
 */
static int glibc_serves_others(const struct allocator *glibc) {
    struct account account = {0};
    void *object = object_of(glibc->entry);
    return object != NULL && object == object_of(glibc->functions[VERSION]) && object == object_of(glibc->functions[INFO])
        && read_account(glibc, &account) == 0 && account.system + account.mapped >= 1 << 20;
}

/* Threads of the arena that is being trimmed wait meanwhile, 0.15 to 0.6 s for 8 GiB. */
static int glibc_purge(const struct allocator *glibc, struct text *way) {
    append(way, "malloc_trim");
    ((int (*)(size_t)) glibc->entry)(0); /* 1 if it returned something, 0 if not: no error either way */
    return 0;
}

/* Its settings can be set by mallopt and not be read; the small caches of its threads have no flush. */
const struct kind GLIBC = {
    .stalls_others = 1, .open = glibc_open, .serves_malloc = glibc_serves_malloc, .serves_others = glibc_serves_others, .describe = glibc_describe, .statistics = glibc_statistics, .purge = glibc_purge,
};
