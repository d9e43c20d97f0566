#include "ebb.h"
#include <dlfcn.h>
#include <link.h>

/*
 * All loaded objects, copied because dl_iterate_phdr holds the loader's lock during its callback, where dlopen could wait for ever. A JVM with a hundred libraries needs about
 * 10 KiB of paths; objects beyond the end of a list are not searched.
 */
static char paths[64 * 1024];
static struct object objects[512];
static unsigned object_count;
static unsigned next;

struct filling {
    char *to;
};

static int copy_object(struct dl_phdr_info *info, size_t size, void *into) {
    (void) size;
    struct filling *filling = into;
    const char *path = info->dlpi_name;
    size_t length = 0;
    /* the main program has an empty name and the vdso one without a slash; both are in sight of RTLD_DEFAULT */
    if (path == NULL || path[0] != '/') {
        return 0;
    }
    while (path[length] != 0) {
        length++;
    }
    if (filling->to + length + 1 > paths + sizeof paths || object_count == sizeof objects / sizeof *objects) {
        return 1;
    }
    objects[object_count++] = (struct object) {.path = filling->to, .base = info->dlpi_addr, .segments = info->dlpi_phdr, .segment_count = info->dlpi_phnum};
    for (size_t i = 0; i <= length; i++) {
        *filling->to++ = path[i];
    }
    return 0;
}

struct object *first_object(void) {
    struct filling filling = {paths};
    object_count = 0;
    next = 0;
    dl_iterate_phdr(copy_object, &filling);
    return next_object();
}

/* The handle keeps the object, and with it the segments that the list points to, from being unloaded; one that is gone already is left out. */
struct object *next_object(void) {
    while (next < object_count) {
        struct object *object = &objects[next++];
        object->handle = dlopen(object->path, RTLD_LAZY | RTLD_NOLOAD);
        if (object->handle != NULL) {
            return object;
        }
    }
    return NULL;
}

void *look_up(const struct object *object, const char *name) {
    void *function = dlsym(object->handle, name);
    return function != NULL || !object->hides ? function : hidden_function(object, name);
}
