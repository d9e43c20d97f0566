#include "ebb.h"
#include <link.h>

/*
 * The paths of all loaded objects, one after the other, each ended by 0, and an empty one at the end. They are copied because dl_iterate_phdr holds the loader's lock during its
 * callback, where dlopen could wait for ever. A JVM with a hundred libraries needs about 10 KiB; objects beyond the end of the list are not searched.
 */
static char paths[64 * 1024];

static int copy_path(struct dl_phdr_info *object, size_t size, void *end) {
    (void) size;
    char **to = end;
    const char *path = object->dlpi_name;
    size_t length = 0;
    /* the main program has an empty name and the vdso one without a slash; both are in sight of RTLD_DEFAULT */
    if (path == NULL || path[0] != '/') {
        return 0;
    }
    while (path[length] != 0) {
        length++;
    }
    if (*to + length + 2 > paths + sizeof paths) {
        return 1;
    }
    for (size_t i = 0; i <= length; i++) {
        (*to)[i] = path[i];
    }
    *to += length + 1;
    return 0;
}

const char *first_object(void) {
    char *end = paths;
    dl_iterate_phdr(copy_path, &end);
    *end = 0;
    return paths[0] == 0 ? NULL : paths;
}

const char *next_object(const char *path) {
    while (*path != 0) {
        path++;
    }
    return path[1] == 0 ? NULL : path + 1;
}
