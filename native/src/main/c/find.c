#include "ebb.h"
#include <dlfcn.h>
#include <errno.h>

/*
 * A symbol makes a candidate and proves nothing: libc's malloc_trim is there under every preloaded allocator. Those in sight of RTLD_DEFAULT come first, then each object by
 * itself, because a copy that was loaded privately or linked into one library is in nobody else's sight.
 */
enum { CANDIDATES = 8 };
static const char *const SYMBOLS[CANDIDATES] = {
    "mallctl",
    "je_mallctl",           /* LWJGL's */
    "_rjem_mallctl",        /* Rust's tikv-jemallocator */
    "duckdb_je_mallctl",
    "mi_collect",
    "MallocExtension_ReleaseFreeMemory",
    "MallocExtension_Internal_ReleaseMemoryToSystem",
    "malloc_trim",
};
static const struct kind *const KINDS[CANDIDATES] = {
    &JEMALLOC, &JEMALLOC, &JEMALLOC, &JEMALLOC, &MIMALLOC, &GPERFTOOLS_TCMALLOC, &GOOGLE_TCMALLOC, &GLIBC,
};

static struct allocator found[16];
enum { ROOM = sizeof found / sizeof *found };
static int count;

/* A copy of the one behind malloc, which is never unloaded and never another; written once, then published, then read by any thread. */
static struct allocator behind_malloc;
static const struct allocator *volatile published;

static int is_known(const void *entry) {
    for (int i = 0; i < count; i++) {
        if (found[i].entry == entry) {
            return 1;
        }
    }
    return 0;
}

static void publish(const struct allocator *allocator) {
    if (published == NULL) {
        behind_malloc = *allocator;
        behind_malloc.handle = NULL;
        __atomic_store_n(&published, &behind_malloc, __ATOMIC_RELEASE);
    }
}

static void adopt(int candidate, const struct object *object) {
    struct allocator *new = &found[count];
    void *entry = look_up(object, SYMBOLS[candidate]);
    Dl_info in;
    if (entry == NULL || is_known(entry)) {
        return;
    }
    *new = (struct allocator) {.kind = KINDS[candidate], .entry = entry};
    if (new->kind->open(new, object) != 0) {
        return;
    }
    new->serves_malloc = new->kind->serves_malloc(new);
    if (!new->serves_malloc && new->kind->serves_others != NULL && !new->kind->serves_others(new)) {
        return;
    }
    append(&new->origin, dladdr(entry, &in) != 0 && in.dli_fname != NULL ? in.dli_fname : "");
    if (new->serves_malloc) {
        publish(new);
    }
    count++;
}

/* How many of the candidates are in the object and were not known yet. */
static int adopt_all(const struct object *object) {
    int before = count;
    for (int i = 0; i < CANDIDATES && count < ROOM; i++) {
        adopt(i, object);
    }
    return count - before;
}

/* Functions in sight of those who ask the object, and if there are none, those that only its file names. */
static int adopt_visible_or_hidden(struct object *object) {
    int visible = adopt_all(object);
    if (visible == 0) {
        object->hides = hides_any(object, SYMBOLS, CANDIDATES);
    }
    return object->hides ? adopt_all(object) : visible;
}

int find_allocators(void) {
    struct object everywhere = {.handle = RTLD_DEFAULT};
    release_allocators();
    adopt_all(&everywhere);
    for (struct object *object = first_object(); object != NULL; object = next_object()) {
        int before = count;
        if (adopt_visible_or_hidden(object) > 0) {
            found[before].handle = object->handle;
        } else {
            dlclose(object->handle);
        }
    }
    return count;
}

const struct allocator *found_allocator(int at) {
    return at >= 0 && at < count ? &found[at] : NULL;
}

void release_allocators(void) {
    while (count > 0) {
        count--;
        if (found[count].handle != NULL) {
            dlclose(found[count].handle);
        }
    }
}

void *object_of(const void *address) {
    Dl_info object;
    return address != NULL && dladdr(address, &object) != 0 ? object.dli_fbase : NULL;
}

const struct allocator *allocator_of_malloc(void) {
    return __atomic_load_n(&published, __ATOMIC_ACQUIRE);
}

int flush_thread_cache(void) {
    const struct allocator *allocator = allocator_of_malloc();
    return allocator == NULL || allocator->kind->flush == NULL ? ENOENT : allocator->kind->flush(allocator);
}
