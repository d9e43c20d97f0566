/*
 * Ebb's native library: finds the allocators of this process and makes them return what they do not need.
 *
 * What holds for every file here:
 * - Linked with -nostdlib and against nothing: dlsym, malloc and the rest are unversioned references that the process itself resolves. So one file serves every glibc and musl,
 *   and the malloc that it tests is the program's own, whatever is preloaded. It has no constructors, starts no threads, and ends nothing: no exit, no abort.
 * - Errors are values: 0 or an errno. Only jni.c turns one into a Java exception.
 * - What find.c found stays valid until release_allocators(). The table is one for the library and takes no lock: one thread at a time (dev.ebb.memory.Allocators sees to it).
 *   flush_thread_cache() alone may be called by any thread at any time.
 * - Nothing here may be called from a signal handler.
 */
#ifndef EBB_H
#define EBB_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stddef.h>

/* All in bytes; UNKNOWN where the allocator does not tell. The order is that of dev.ebb.memory.Statistics. */
enum statistic { ALLOCATED, ACTIVE, RESIDENT, MAPPED, RETAINED, METADATA, RECLAIMABLE, CACHED, STATISTICS };
#define UNKNOWN (-1LL)

/* Bounded text: what does not fit is cut, and it always ends in 0. */
struct text {
    size_t length;
    char characters[512];
};

struct allocator {
    const struct kind *kind;
    void *handle;        /* keeps the object loaded while we use it; null if something else does */
    void *entry;         /* the function that it was found by; tells one copy from another */
    void *functions[4];  /* what open() looked up further, each kind in its own order; null where missing */
    int serves_malloc;
    struct text origin;  /* path of the object that the allocator is in */
};

/* How to talk to one make of allocator. */
struct kind {
    int stalls_others;                                             /* threads that allocate wait during a purge */
    int (*open)(struct allocator *, void *handle);                 /* looks the other functions up; 0, or not 0 if this copy cannot be used */
    int (*serves_malloc)(const struct allocator *);                /* does the program's malloc() end here? shown by behaviour, never by names alone */
    void (*describe)(const struct allocator *, struct text *);     /* make and version: jemalloc 5.3.0 */
    void (*settings)(const struct allocator *, struct text *);     /* options that decide when it returns pages by itself: name=value name=value */
    void (*statistics)(const struct allocator *, long long into[STATISTICS]); /* overwrites what it knows and leaves the rest */
    int (*purge)(const struct allocator *, struct text *way);      /* names the way also when it fails */
};

extern const struct kind JEMALLOC, GLIBC, MIMALLOC, GPERFTOOLS_TCMALLOC, GOOGLE_TCMALLOC;

/* find.c */
int find_allocators(void);                       /* how many; forgets those found before */
const struct allocator *found_allocator(int at); /* null if there is none */
void release_allocators(void);
void *object_of(const void *address);            /* where the object that holds an address begins; null if none does */

/* objects.c */
const char *first_object(void);                  /* path of a loaded object, null if there are none; reads the list anew */
const char *next_object(const char *path);       /* null after the last */

/* jemalloc.c */
int flush_thread_cache(void);                    /* 0, or an errno; ENOENT if the program's malloc is no jemalloc or has not been looked for */

/* text.c */
void append(struct text *, const char *characters);
void append_number(struct text *, long long number);
void append_version(struct text *, int major, int minor, int patch);

/* The program's own, as every other caller in the process gets them. */
void *malloc(size_t);
void free(void *);

#endif
