/*
 * Ebb's native library: finds the allocators of this process, tells what they hold, and makes them return what they do not need.
 *
 * What holds for every file here:
 * - Linked with -nostdlib and against nothing: dlsym, malloc and the rest are unversioned references that the process itself resolves. So one file serves every glibc and musl,
 *   and the malloc that it tests is the program's own, whatever is preloaded. It has no constructors, starts no threads, and ends nothing: no exit, no abort.
 * - Errors are values: 0 or an errno. Only jni.c turns one into a Java exception.
 * - What find.c found stays valid until release_allocators(). The table is one for the library and takes no lock: one thread at a time (dev.ebb.memory.Allocators sees to it).
 *   What is declared under "any thread" may be called by any thread at any time.
 * - Nothing here may be called from a signal handler.
 */
#ifndef EBB_H
#define EBB_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>
#include <stdint.h>

/*
 * All in bytes but the number of arenas; UNKNOWN where the allocator does not tell. The order is that of dev.ebb.memory.Statistics.
 * ALLOCATED is what the program has; what the caches of threads hold is not in it where the allocator tells the two apart, and in it otherwise (glibc).
 * FRAGMENTED is free room in pages that something live pins: no purge can return it.
 */
enum statistic { ALLOCATED, ACTIVE, RESIDENT, MAPPED, RETAINED, METADATA, RECLAIMABLE, CACHED, DIRTY, MUZZY, THREAD_CACHES, FRAGMENTED, ARENAS, STATISTICS };
#define UNKNOWN (-1LL)

/* Bounded text: what does not fit is cut, and it always ends in 0. */
struct text {
    size_t length;
    char characters[512];
};

/* One object that the loader has loaded. */
struct object {
    const char *path;       /* null for what is in sight of RTLD_DEFAULT */
    void *handle;           /* of dlopen */
    uintptr_t base;         /* what its addresses are relative to */
    const void *segments;   /* its program headers, as loaded */
    unsigned segment_count;
    int hides;              /* its file names an allocator's functions that are in nobody's sight */
};

struct allocator {
    const struct kind *kind;
    void *handle;        /* keeps the object loaded while we use it; null if something else does */
    void *entry;         /* the function that it was found by; tells one copy from another */
    void *functions[6];  /* what open() looked up further, each kind in its own order; null where missing */
    int serves_malloc;
    struct text origin;  /* path of the object that the allocator is in */
};

/* How to talk to one make of allocator. Null for what it cannot do. */
struct kind {
    int stalls_others;                                             /* threads that allocate wait during a purge */
    int (*open)(struct allocator *, const struct object *);        /* looks the other functions up; 0, or not 0 if this copy cannot be used */
    int (*serves_malloc)(const struct allocator *);                /* does the program's malloc() end here? shown by behaviour, never by names alone */
    int (*serves_others)(const struct allocator *);                /* where it does not: is it in use all the same? null for yes */
    void (*describe)(const struct allocator *, struct text *);     /* make and version: jemalloc 5.3.0 */
    void (*settings)(const struct allocator *, struct text *);     /* options that decide when it returns pages by itself: name=value name=value */
    void (*statistics)(const struct allocator *, long long into[STATISTICS]); /* overwrites what it knows and leaves the rest */
    int (*purge)(const struct allocator *, struct text *way);      /* names the way also when it fails */
    int (*flush)(const struct allocator *);                        /* any thread: gives the calling thread's cache back; 0 or an errno */
};

extern const struct kind JEMALLOC, GLIBC, MIMALLOC, GPERFTOOLS_TCMALLOC, GOOGLE_TCMALLOC;

/* find.c */
int find_allocators(void);                       /* how many; forgets those found before */
const struct allocator *found_allocator(int at); /* null if there is none */
void release_allocators(void);
void *object_of(const void *address);            /* where the object that holds an address begins; null if none does */
const struct allocator *allocator_of_malloc(void); /* any thread: null before it was found; stays valid for ever */
int flush_thread_cache(void);                    /* any thread: 0 or an errno; ENOENT if the program's malloc has no such thing or has not been looked for */

/* objects.c */
struct object *first_object(void);               /* null if there are none; reads the list anew */
struct object *next_object(void);                /* null after the last; the one before is overwritten, with its handle left to the caller */
void *look_up(const struct object *, const char *name); /* a function of the object: in sight of everybody, or hidden and named in its file */

/* symtab.c */
int hides_any(const struct object *, const char *const names[], size_t count); /* whether its file has a function of one of the names; remembers objects that have none */
void *hidden_function(const struct object *, const char *name);                /* null unless it is there for certain */

/* maps.c */
struct mapping {
    uintptr_t from, to;
    int readable_and_writable;
    int anonymous;                               /* no file and no name */
    int heap;                                    /* [heap] */
};
int each_mapping(int (*visit)(const struct mapping *, void *), void *context); /* until visit answers other than 0; 0 or an errno */
size_t resident_bytes(uintptr_t from, uintptr_t to);

/* jemalloc.c; any thread, all answer 0 or an errno, ENOENT if the program's malloc is no jemalloc with statistics or has not been found */
int thread_counters(uint64_t **allocated, uint64_t **deallocated); /* of the calling thread, valid until it ends */
int create_arena(unsigned *arena);
int bind_thread(unsigned arena, unsigned *before); /* what the calling thread allocates from now on comes from there; its cache is flushed first */
int arena_statistics(unsigned arena, long long into[STATISTICS]);

/* text.c */
void append(struct text *, const char *characters);
void append_number(struct text *, long long number);
void append_version(struct text *, int major, int minor, int patch);

/* The program's own, as every other caller in the process gets them. */
void *malloc(size_t);
void free(void *);

#endif
