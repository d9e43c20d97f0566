#include "ebb.h"
#include <dlfcn.h>

/*
 * A symbol makes a candidate and proves nothing: libc's malloc_trim is there under every preloaded allocator. Those in sight of RTLD_DEFAULT come first, then each object by
 * itself, because a copy that was loaded privately or linked into one library is in nobody else's sight.
 */
static const struct candidate {
    const char *symbol;
    const struct kind *kind;
} CANDIDATES[] = {
    {"mallctl", &JEMALLOC},
    {"je_mallctl", &JEMALLOC},
    {"_rjem_mallctl", &JEMALLOC},      /* Rust's tikv-jemallocator */
    {"duckdb_je_mallctl", &JEMALLOC},
    {"mi_collect", &MIMALLOC},
    {"MallocExtension_ReleaseFreeMemory", &GPERFTOOLS_TCMALLOC},
    {"MallocExtension_Internal_ReleaseMemoryToSystem", &GOOGLE_TCMALLOC},
    {"malloc_trim", &GLIBC},
};

static struct allocator found[16];
static int count;

static int is_known(const void *entry) {
    for (int i = 0; i < count; i++) {
        if (found[i].entry == entry) {
            return 1;
        }
    }
    return 0;
}

static int adopt(const struct candidate *candidate, void *handle) {
    struct allocator *new = &found[count];
    void *entry = dlsym(handle, candidate->symbol);
    Dl_info object;
    if (entry == NULL || is_known(entry)) {
        return 0;
    }
    *new = (struct allocator) {.kind = candidate->kind, .entry = entry};
    if (new->kind->open(new, handle) != 0) {
        return 0;
    }
    new->serves_malloc = new->kind->serves_malloc(new);
    if (new->kind == &GLIBC && !new->serves_malloc) {
        return 0; /* an idle libc heap below another allocator: trimming it stalls and returns nothing */
    }
    append(&new->origin, dladdr(entry, &object) != 0 && object.dli_fname != NULL ? object.dli_fname : "");
    count++;
    return 1;
}

/* How many of the candidates are in sight of the handle and were not known yet. */
static int adopt_all(void *handle) {
    int before = count;
    for (size_t i = 0; i < sizeof CANDIDATES / sizeof *CANDIDATES && count < (int) (sizeof found / sizeof *found); i++) {
        adopt(&CANDIDATES[i], handle);
    }
    return count - before;
}

int find_allocators(void) {
    release_allocators();
    adopt_all(RTLD_DEFAULT);
    for (const char *path = first_object(); path != NULL; path = next_object(path)) {
        int before = count;
        void *handle = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
        if (handle == NULL) {
            continue;
        }
        if (adopt_all(handle) > 0) {
            found[before].handle = handle;
        } else {
            dlclose(handle);
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
