#include "ebb.h"
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Functions that a library keeps to itself, as DuckDB its jemalloc's: the dynamic linker does not know them, but the file names them in .symtab if it was not stripped.
 * Nothing is taken on trust: every offset is checked against the file's length, and a function counts only if the code in memory is the code in the file, byte for byte. A file
 * that was deleted or exchanged since is as good as none.
 */
enum { LEAST_CODE = 32 }; /* bytes that have to agree; a function that does anything is longer */

struct file {
    const char *bytes;
    size_t length;
};

struct symbols {
    const ElfW(Sym) *first;
    size_t count;
    const char *names;
    size_t names_length;
};

/* Objects that hide nothing, by address and path; a search takes some ms for a library of 50 MB. Two objects with one place only cost time. */
static uintptr_t searched[1024];

static uintptr_t mark_of(const struct object *object) {
    uintptr_t mark = object->base;
    for (const char *c = object->path; *c != 0; c++) {
        mark = mark * 31 + (unsigned char) *c;
    }
    return mark | 1;
}

static uintptr_t *place_of(uintptr_t mark) {
    return &searched[mark / 2 % (sizeof searched / sizeof *searched)];
}

static int same(const char *a, const char *b, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (a[i] != b[i]) {
            return 0;
        }
    }
    return 1;
}

static const void *part(const struct file *file, uint64_t offset, uint64_t length) {
    return offset <= file->length && length <= file->length - offset ? file->bytes + offset : NULL;
}

static struct file map_file(const char *path) {
    struct file file = {NULL, 0};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    off_t length = descriptor < 0 ? -1 : lseek(descriptor, 0, SEEK_END);
    if (length > 0) {
        void *bytes = mmap(NULL, (size_t) length, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (bytes != MAP_FAILED) {
            file = (struct file) {bytes, (size_t) length};
        }
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    return file;
}

static void unmap_file(const struct file *file) {
    if (file->bytes != NULL) {
        munmap((void *) file->bytes, file->length);
    }
}

/* The table with the local names, and the strings that it refers to. */
static int find_symbols(const struct file *file, struct symbols *symbols) {
    const ElfW(Ehdr) *header = part(file, 0, sizeof *header);
    /* what a linker has written is aligned, and compiled code may rely on it */
    if (header == NULL || header->e_shoff % _Alignof(ElfW(Shdr)) != 0 || !same((const char *) header->e_ident, ELFMAG, SELFMAG) || header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_shentsize != sizeof(ElfW(Shdr))) {
        return 0;
    }
    const ElfW(Shdr) *sections = part(file, header->e_shoff, (uint64_t) header->e_shnum * sizeof *sections);
    for (unsigned i = 0; sections != NULL && i < header->e_shnum; i++) {
        const ElfW(Shdr) *table = &sections[i];
        if (table->sh_type == SHT_SYMTAB && table->sh_offset % _Alignof(ElfW(Sym)) == 0 && table->sh_link < header->e_shnum) {
            const ElfW(Shdr) *names = &sections[table->sh_link];
            symbols->first = part(file, table->sh_offset, table->sh_size);
            symbols->count = table->sh_size / sizeof *symbols->first;
            symbols->names = part(file, names->sh_offset, names->sh_size);
            symbols->names_length = names->sh_size;
            return symbols->first != NULL && symbols->names != NULL && names->sh_size > 0 && symbols->names[names->sh_size - 1] == 0;
        }
    }
    return 0;
}

static const ElfW(Sym) *find_function(const struct symbols *symbols, const char *name) {
    size_t length = 1;
    while (name[length - 1] != 0) {
        length++;
    }
    for (size_t i = 0; i < symbols->count; i++) {
        const ElfW(Sym) *symbol = &symbols->first[i];
        if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && symbol->st_size >= LEAST_CODE && symbol->st_name < symbols->names_length
            && symbols->names_length - symbol->st_name >= length && same(symbols->names + symbol->st_name, name, length)) {
            return symbol;
        }
    }
    return NULL;
}

/* The code in memory, if it lies in an executable segment and is that of the file. */
static void *loaded_code(const struct object *object, const struct file *file, const ElfW(Sym) *symbol) {
    const ElfW(Phdr) *segments = object->segments;
    for (unsigned i = 0; i < object->segment_count; i++) {
        const ElfW(Phdr) *segment = &segments[i];
        int inside = symbol->st_value >= segment->p_vaddr && symbol->st_size <= segment->p_filesz && symbol->st_value - segment->p_vaddr <= segment->p_filesz - symbol->st_size;
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0 && (segment->p_flags & PF_R) != 0 && inside) {
            const char *in_file = part(file, segment->p_offset + (symbol->st_value - segment->p_vaddr), symbol->st_size);
            char *in_memory = (char *) object->base + symbol->st_value;
            return in_file != NULL && same(in_file, in_memory, symbol->st_size) ? in_memory : NULL;
        }
    }
    return NULL;
}

static const ElfW(Sym) *find_any(const struct symbols *symbols, const char *const names[], size_t count) {
    const ElfW(Sym) *symbol = NULL;
    for (size_t i = 0; i < count && symbol == NULL; i++) {
        symbol = find_function(symbols, names[i]);
    }
    return symbol;
}

int hides_any(const struct object *object, const char *const names[], size_t count) {
    uintptr_t mark = mark_of(object);
    struct symbols symbols;
    struct file file = {NULL, 0};
    int hides;
    if (*place_of(mark) == mark) {
        return 0;
    }
    file = map_file(object->path);
    hides = file.bytes != NULL && find_symbols(&file, &symbols) && find_any(&symbols, names, count) != NULL;
    if (!hides) {
        *place_of(mark) = mark;
    }
    unmap_file(&file);
    return hides;
}

void *hidden_function(const struct object *object, const char *name) {
    struct symbols symbols;
    struct file file = map_file(object->path);
    const ElfW(Sym) *symbol = file.bytes != NULL && find_symbols(&file, &symbols) ? find_function(&symbols, name) : NULL;
    void *function = symbol == NULL ? NULL : loaded_code(object, &file, symbol);
    unmap_file(&file);
    return function;
}
