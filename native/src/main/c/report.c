#include "ebb.h"
#include "report.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <unistd.h>

/*
 * What only somebody inside the process can tell, as text, one line each, columns separated by tabs; dev.ebb.doctor.NativeReport reads it:
 *   ebb-report 1
 *   allocator <1 if behind malloc> <name> <origin> <settings> <statistics in their order, separated by spaces>
 *   thread <id> <stack pointer, hexadecimal>
 *   variables <from> <to, both hexadecimal>: pages of a loaded object with no file behind them
 *   direct <bytes of direct buffers>
 *   end
 * Changes nothing but jemalloc's epoch, which is there to be written before statistics are read.
 */
static void put(struct report *report, const char *characters) {
    size_t length = 0;
    while (characters[length] != 0) {
        length++;
    }
    if (report->length + length >= report->capacity) {
        size_t capacity = (report->length + length) * 2 + 4096;
        char *more = malloc(capacity);
        if (more == NULL) {
            return; /* then a line is missing, and the reader says so */
        }
        for (size_t i = 0; i < report->length; i++) {
            more[i] = report->characters[i];
        }
        free(report->characters);
        report->characters = more;
        report->capacity = capacity;
    }
    for (size_t i = 0; i <= length; i++) {
        report->characters[report->length + i] = characters[i];
    }
    report->length += length;
}

static void put_number(struct report *report, long long number) {
    struct text text = {0};
    append_number(&text, number);
    put(report, text.characters);
}

static void put_allocator(struct report *report, const struct allocator *allocator) {
    struct text name = {0};
    struct text settings = {0};
    long long values[STATISTICS];
    for (int i = 0; i < STATISTICS; i++) {
        values[i] = UNKNOWN;
    }
    allocator->kind->describe(allocator, &name);
    if (allocator->kind->settings != NULL) {
        allocator->kind->settings(allocator, &settings);
    }
    if (allocator->kind->statistics != NULL) {
        allocator->kind->statistics(allocator, values);
    }
    put(report, allocator->serves_malloc ? "allocator\t1\t" : "allocator\t0\t");
    put(report, name.characters);
    put(report, "\t");
    put(report, allocator->origin.characters);
    put(report, "\t");
    put(report, settings.characters);
    put(report, "\t");
    for (int i = 0; i < STATISTICS; i++) {
        put(report, i == 0 ? "" : " ");
        put_number(report, values[i]);
    }
    put(report, "\n");
}

/* The file /proc/self/task/<id>/syscall (man 5 proc): "202 0x.. 0x.. 0x.. 0x.. 0x.. 0x.. <stack pointer> <program counter>" for a thread that waits, "running" for one that does not. */
static int stack_pointer(const char *id, char into[20]) {
    struct text path = {0};
    char line[256];
    append(&path, "/proc/self/task/");
    append(&path, id);
    append(&path, "/syscall");
    int descriptor = open(path.characters, O_RDONLY | O_CLOEXEC);
    ssize_t length = descriptor < 0 ? -1 : read(descriptor, line, sizeof line - 1);
    if (descriptor >= 0) {
        close(descriptor);
    }
    if (length <= 0 || line[0] == 'r') {
        return 0;
    }
    /* the last but one of the columns, however many arguments there are */
    ssize_t end = length;
    while (end > 0 && line[end - 1] != ' ') {
        end--;
    }
    ssize_t begin = --end;
    while (begin > 0 && line[begin - 1] != ' ') {
        begin--;
    }
    if (begin <= 0 || end - begin > 19) {
        return 0;
    }
    for (ssize_t i = begin; i < end; i++) {
        into[i - begin] = line[i];
    }
    into[end - begin] = 0;
    return 1;
}

/* A thread on a processor has no stack pointer to read: it is asked a few times more. The calling one is known. */
static void put_threads(struct report *report) {
    DIR *tasks = opendir("/proc/self/task");
    for (struct dirent *task = tasks == NULL ? NULL : readdir(tasks); task != NULL; task = readdir(tasks)) {
        char pointer[20];
        int known = 0;
        for (int tries = 0; task->d_name[0] != '.' && !known && tries < 20; tries++) {
            known = stack_pointer(task->d_name, pointer);
        }
        if (known) {
            put(report, "thread\t");
            put(report, task->d_name);
            put(report, "\t");
            put(report, pointer);
            put(report, "\n");
        }
    }
    if (tasks != NULL) {
        closedir(tasks);
    }
}

static void put_hexadecimal(struct report *report, uintptr_t number) {
    char digits[20];
    int at = sizeof digits;
    digits[--at] = 0;
    do {
        digits[--at] = "0123456789abcdef"[number % 16];
        number /= 16;
    } while (number != 0);
    put(report, "0x");
    put(report, digits + at);
}

/*
 * Variables that begin as 0 are what a segment has in memory (p_memsz) and not in the file (p_filesz): ELF gABI, "Program Header". The kernel joins whatever is mapped right behind
 * them with them, so that /proc alone does not tell where they end. The loader's lock is held here, as it is in dlopen, which
 * calls malloc too.
 */
static int put_variables(struct dl_phdr_info *info, size_t size, void *into) {
    uintptr_t page = (uintptr_t) sysconf(_SC_PAGESIZE);
    (void) size;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t from = (info->dlpi_addr + segment->p_vaddr + segment->p_filesz + page - 1) / page * page;
        uintptr_t to = (info->dlpi_addr + segment->p_vaddr + segment->p_memsz + page - 1) / page * page;
        if (segment->p_type == PT_LOAD && to > from) {
            put(into, "variables\t");
            put_hexadecimal(into, from);
            put(into, "\t");
            put_hexadecimal(into, to);
            put(into, "\n");
        }
    }
    return 0;
}

void write_report(struct report *report, long long direct_bytes) {
    int here;
    int count = find_allocators();
    put(report, "ebb-report 1\n");
    for (int at = 0; at < count; at++) {
        put_allocator(report, found_allocator(at));
    }
    release_allocators();
    put_threads(report);
    put(report, "thread\t0\t");
    put_hexadecimal(report, (uintptr_t) &here);
    put(report, "\n");
    dl_iterate_phdr(put_variables, report);
    if (direct_bytes >= 0) {
        put(report, "direct\t");
        put_number(report, direct_bytes);
        put(report, "\n");
    }
    put(report, "end\n");
}

int save_report(const struct report *report, const char *path) {
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    size_t written = 0;
    if (descriptor < 0) {
        return ENOENT;
    }
    while (written < report->length) {
        ssize_t done = write(descriptor, report->characters + written, report->length - written);
        if (done <= 0) {
            close(descriptor);
            return EIO;
        }
        written += (size_t) done;
    }
    close(descriptor);
    return 0;
}
