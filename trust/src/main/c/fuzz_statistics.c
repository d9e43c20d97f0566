/*
 * What the native library reads and did not write: the account of malloc_info, /proc/self/maps, and the symbol table of a library's file. For libFuzzer: trust/fuzz builds it with AddressSanitizer and
 * UndefinedBehaviorSanitizer. The first byte of an input says which of the three gets the rest.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* static functions are what is to be called */
#include "../../../../native/src/main/c/glibc.c"
#include "../../../../native/src/main/c/maps.c"
/* the same name for other things */
#define same symtab_same
#include "../../../../native/src/main/c/symtab.c"

/* Of objects.c and find.c, which ask the running process. */
void *look_up(const struct object *object, const char *name) {
    (void) object;
    (void) name;
    return NULL;
}

void *object_of(const void *address) {
    (void) address;
    return NULL;
}

static void fail_unless(int condition) {
    if (!condition) {
        abort();
    }
}

static void account_of(const uint8_t *data, size_t size) {
    char *xml = malloc(size + 1);
    struct account account = {0};
    memcpy(xml, data, size);
    xml[size] = 0;
    for (const char *at = xml; *at != 0; at++) {
        if (*at == '<') {
            read_tag(at + 1, &account);
        }
    }
    fail_unless(account.arenas >= 0);
    free(xml);
}

static int count(const struct mapping *mapping, void *context) {
    (void) mapping;
    return ++*(int *) context > 10000;
}

static void mappings_of(const uint8_t *data, size_t size) {
    int descriptor = memfd_create("maps", MFD_CLOEXEC);
    struct lines lines = {.descriptor = descriptor};
    struct mapping mapping;
    int mappings = 0;
    fail_unless(write(descriptor, data, size) == (ssize_t) size && lseek(descriptor, 0, SEEK_SET) == 0);
    while (read_mapping(&lines, &mapping) && count(&mapping, &mappings) == 0) { }
    close(descriptor);
}

static void symbols_of(const uint8_t *data, size_t size) {
    static const char *const NAMES[] = {"mallctl", "je_mallctl"};
    struct symbols symbols;
    /* of that length exactly, so that AddressSanitizer sees whoever reads beyond its end */
    char *exact = malloc(size);
    struct file file = {exact, size};
    memcpy(exact, data, size);
    if (find_symbols(&file, &symbols)) {
        const ElfW(Sym) *symbol = find_any(&symbols, NAMES, 2);
        const ElfW(Phdr) segment = {.p_type = PT_LOAD, .p_flags = PF_X | PF_R, .p_filesz = size};
        struct object object = {.path = "x", .base = (uintptr_t) exact, .segments = &segment, .segment_count = 1};
        if (symbol != NULL) {
            loaded_code(&object, &file, symbol);
        }
    }
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > 0) {
        switch (data[0] % 3) {
            case 0: account_of(data + 1, size - 1); break;
            case 1: mappings_of(data + 1, size - 1); break;
            default: symbols_of(data + 1, size - 1); break;
        }
    }
    return 0;
}

#ifdef REPLAY
/* Without libFuzzer: runs each file that is named, once. */
#include <stdio.h>

int main(int count, char **files) {
    static uint8_t data[1 << 20];
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(files[i], "rb");
        fail_unless(file != NULL);
        LLVMFuzzerTestOneInput(data, fread(data, 1, sizeof data, file));
        fclose(file);
    }
    printf("%d inputs\n", count - 1);
    return count < 2;
}
#endif
