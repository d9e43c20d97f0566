/* Unit tests of the native library, without a JVM. native/check builds and runs them, also under sanitizers, valgrind, musl and qemu. Argument: the directory of the helpers. */
#define _GNU_SOURCE
#include "../../../main/c/ebb.h"
#include "../../../main/c/report.h"
#include "check.h"
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int failures;

static void text_is_bounded(void) {
    struct text text = {0};
    for (int i = 0; i < 100; i++) {
        append(&text, "0123456789");
    }
    CHECK(text.length == sizeof text.characters - 1);
    CHECK(text.characters[text.length] == 0);
    text = (struct text) {0};
    append(&text, "a\tb\xff" "c\n");
    CHECK_TEXT("a?b?c?", text.characters);
}

static void numbers_are_written_whole(void) {
    struct text text = {0};
    append_number(&text, 0);
    append(&text, " ");
    append_number(&text, -1);
    append(&text, " ");
    append_number(&text, 9223372036854775807LL);
    append(&text, " ");
    append_number(&text, -9223372036854775807LL - 1);
    append(&text, " ");
    append_version(&text, 5, 3, 0);
    CHECK_TEXT("0 -1 9223372036854775807 -9223372036854775808 5.3.0", text.characters);
}

struct wanted {
    uintptr_t address;
    struct mapping found;
    int count;
};

static int look_for(const struct mapping *mapping, void *context) {
    struct wanted *wanted = context;
    wanted->count++;
    if (wanted->address >= mapping->from && wanted->address < mapping->to) {
        wanted->found = *mapping;
    }
    return 0;
}

static void mappings_are_read(void) {
    size_t page = (size_t) sysconf(_SC_PAGESIZE);
    int local = 0;
    char *anonymous = mmap(NULL, 16 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *guarded = mmap(NULL, 4 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct wanted wanted = {.address = (uintptr_t) anonymous};
    CHECK(each_mapping(look_for, &wanted) == 0);
    CHECK(wanted.count > 3);
    CHECK(wanted.found.anonymous && wanted.found.readable_and_writable && !wanted.found.heap);
    wanted = (struct wanted) {.address = (uintptr_t) guarded};
    each_mapping(look_for, &wanted);
    CHECK(wanted.found.from != 0 && !wanted.found.readable_and_writable);
    wanted = (struct wanted) {.address = (uintptr_t) &mappings_are_read};
    each_mapping(look_for, &wanted);
    CHECK(wanted.found.from != 0 && !wanted.found.anonymous && !wanted.found.heap);
    wanted = (struct wanted) {.address = (uintptr_t) &local};
    each_mapping(look_for, &wanted);
    CHECK(!wanted.found.heap);

    CHECK(resident_bytes((uintptr_t) anonymous, (uintptr_t) anonymous + 16 * page) == 0);
    anonymous[0] = anonymous[5 * page] = 1;
    CHECK(resident_bytes((uintptr_t) anonymous, (uintptr_t) anonymous + 16 * page) == 2 * page);
    munmap(anonymous, 16 * page);
    CHECK(resident_bytes((uintptr_t) anonymous, (uintptr_t) anonymous + 16 * page) == 0);
    munmap(guarded, 4 * page);
}

/* Two helpers speak as a jemalloc, under two prefixes, and one as Google's tcmalloc; none is behind malloc. */
static void copies_are_found_and_told_apart(const char *helpers) {
    char path[4096];
    snprintf(path, sizeof path, "%s/libbusyjemalloc.so", helpers);
    void *jemalloc = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    snprintf(path, sizeof path, "%s/librustjemalloc.so", helpers);
    void *rust = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    snprintf(path, sizeof path, "%s/libgoogletcmalloc.so", helpers);
    void *tcmalloc = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CHECK(jemalloc != NULL && rust != NULL && tcmalloc != NULL);
    int count = find_allocators();
    int seen = 0;
    for (int at = 0; at < count; at++) {
        const struct allocator *allocator = found_allocator(at);
        struct text name = {0};
        allocator->kind->describe(allocator, &name);
        if (allocator->kind == &GOOGLE_TCMALLOC) {
            long long values[STATISTICS];
            struct text way = {0};
            allocator->kind->statistics(allocator, values);
            CHECK(values[ALLOCATED] == 10 << 20 && values[RECLAIMABLE] == 64 << 20 && values[THREAD_CACHES] == 3 << 20 && values[FRAGMENTED] == 2 << 20 && values[CACHED] == 69 << 20);
            CHECK(allocator->kind->purge(allocator, &way) == 0);
            allocator->kind->statistics(allocator, values);
            CHECK(values[RECLAIMABLE] == 0);
            seen++;
        } else if (strcmp(name.characters, "jemalloc 5.9.9") == 0) {
            CHECK(!allocator->serves_malloc && (strstr(allocator->origin.characters, "libbusyjemalloc.so") != NULL || strstr(allocator->origin.characters, "librustjemalloc.so") != NULL));
            seen++;
        }
    }
    CHECK(seen == 3);
    CHECK(found_allocator(count) == NULL && found_allocator(-1) == NULL);
    release_allocators();
    CHECK(found_allocator(0) == NULL);
    dlclose(jemalloc);
    dlclose(rust);
    dlclose(tcmalloc);
    int left = find_allocators();
    CHECK(left == count - 3 || left == count); /* musl unloads nothing */
    release_allocators();
}

/* This one exports nothing: its file names the function, and only the code in memory decides. */
static void hidden_functions_are_found_or_not_at_all(const char *helpers) {
    char path[4096];
    int found = 0;
    snprintf(path, sizeof path, "%s/libhiding.so", helpers);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL && dlsym(library, "duckdb_je_mallctl") == NULL);
    int count = find_allocators();
    for (int at = 0; at < count; at++) {
        struct text name = {0};
        found_allocator(at)->kind->describe(found_allocator(at), &name);
        found += strcmp(name.characters, "jemalloc 5.8.8") == 0;
    }
    CHECK(found == 1);
    release_allocators();
    for (struct object *object = first_object(); object != NULL; object = next_object()) {
        CHECK(hidden_function(object, "no_such_function_anywhere") == NULL);
        if (strcmp(object->path, path) == 0) {
            struct object elsewhere = *object;
            CHECK(hidden_function(object, "duckdb_je_mallctl") != NULL);
            elsewhere.path = "/proc/self/exe"; /* another file */
            CHECK(hidden_function(&elsewhere, "duckdb_je_mallctl") == NULL);
            elsewhere.path = "/dev/null";
            CHECK(hidden_function(&elsewhere, "duckdb_je_mallctl") == NULL);
        }
        dlclose(object->handle);
    }
    dlclose(library);
}

static void bad_files_are_no_libraries(void) {
    static const char *const BEGINNINGS[] = {"", "\177ELF", "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\76\0", "text"};
    for (size_t i = 0; i < sizeof BEGINNINGS / sizeof *BEGINNINGS; i++) {
        char path[] = "/tmp/ebb-unit-XXXXXX";
        char rest[4096];
        const char *const names[] = {"mallctl"};
        int descriptor = mkstemp(path);
        memset(rest, 0xff, sizeof rest); /* every offset in it points beyond the end */
        CHECK(write(descriptor, BEGINNINGS[i], i == 2 ? 20 : strlen(BEGINNINGS[i])) >= 0 && write(descriptor, rest, sizeof rest) > 0);
        close(descriptor);
        struct object object = {.path = path, .base = i};
        CHECK(hidden_function(&object, "mallctl") == NULL);
        CHECK(!hides_any(&object, names, 1));
        unlink(path);
    }
}

static void the_own_allocator_is_known(void) {
    int count = find_allocators();
    const struct allocator *own = NULL;
    for (int at = 0; at < count; at++) {
        own = found_allocator(at)->serves_malloc ? found_allocator(at) : own;
    }
    if (own == NULL) {
        release_allocators();
        return; /* musl has nothing to purge with, and under a sanitizer malloc is the sanitizer's */
    }
    struct text name = {0};
    struct text way = {0};
    long long before[STATISTICS];
    long long values[STATISTICS];
    void *blocks[1000];
    own->kind->describe(own, &name);
    CHECK(own->kind->stalls_others || own->kind != &GLIBC);
    for (int i = 0; i < STATISTICS; i++) {
        before[i] = values[i] = UNKNOWN;
    }
    if (own->kind->statistics != NULL) {
        own->kind->statistics(own, before);
    }
    if (before[ALLOCATED] != UNKNOWN) { /* valgrind puts its own malloc behind glibc's name, and glibc's heap stays empty */
        for (int i = 0; i < 1000; i++) {
            blocks[i] = malloc(50000);
            memset(blocks[i], 1, 50000);
        }
        own->kind->statistics(own, values);
        CHECK(values[ALLOCATED] - before[ALLOCATED] >= 50000000 && values[ALLOCATED] - before[ALLOCATED] < 60000000);
        for (int i = 0; i < 1000; i++) {
            free(blocks[i]);
        }
    }
    CHECK(own->kind->purge(own, &way) == 0 && way.length > 0);
    printf("malloc is served by %s\n", name.characters);
    release_allocators();
    CHECK(allocator_of_malloc() != NULL && allocator_of_malloc()->kind == own->kind);
    int flushed = flush_thread_cache();
    CHECK(flushed == 0 || flushed == ENOENT || flushed == ENOSYS);
}

/* Of 800 blocks of 512 bytes each eighth stays, and keeps its page. */
static void survivors_pin_pages(unsigned arena) {
    void *blocks[800];
    long long values[STATISTICS];
    for (int i = 0; i < 800; i++) {
        blocks[i] = malloc(512);
    }
    for (int i = 0; i < 800; i++) {
        if (i % 8 != 0) {
            free(blocks[i]);
        }
    }
    flush_thread_cache();
    CHECK(arena_statistics(arena, values) == 0);
    CHECK(values[ALLOCATED] == 100 * 512);
    CHECK(values[FRAGMENTED] >= 700 * 512 && values[FRAGMENTED] <= 700 * 512 + 3 * 4096); /* the first slab may lie across */
    for (int i = 0; i < 800; i += 8) {
        free(blocks[i]);
    }
}

static void *count_malloc(void *arena) {
    uint64_t *taken;
    uint64_t *given;
    unsigned before;
    CHECK(thread_counters(&taken, &given) == 0);
    uint64_t taken_before = *taken;
    uint64_t given_before = *given;
    void *volatile block = malloc(100000);
    CHECK(*taken - taken_before == 114688);
    free(block);
    CHECK(*given - given_before == 114688);

    CHECK(bind_thread(*(unsigned *) arena, &before) == 0);
    block = malloc(100000);
    long long values[STATISTICS];
    CHECK(arena_statistics(*(unsigned *) arena, values) == 0);
    CHECK(values[ALLOCATED] == 114688);
    CHECK(values[FRAGMENTED] == 0); /* a large block pins no small ones */
    free(block);
    survivors_pin_pages(*(unsigned *) arena);
    void *volatile cached = malloc(1000);
    free(cached);
    CHECK(bind_thread(before, (unsigned *) arena) == 0);
    CHECK(arena_statistics(*(unsigned *) arena, values) == 0);
    CHECK(values[ALLOCATED] == 0); /* what lay in the cache of this thread went back to where it came from */
    return NULL;
}

/* Under jemalloc with statistics; elsewhere all answer ENOENT. */
/* Each of them has a page more than its size, which is neither kept by jemalloc nor pinned by anything. */
static void large_blocks_pin_nothing(const struct allocator *jemalloc) {
    enum { BLOCKS = 2000 };
    void **blocks = malloc(BLOCKS * sizeof *blocks);
    long long before[STATISTICS];
    long long after[STATISTICS];
    jemalloc->kind->statistics(jemalloc, before);
    for (int i = 0; i < BLOCKS; i++) {
        blocks[i] = malloc(20480);
        memset(blocks[i], 1, 20480);
    }
    jemalloc->kind->statistics(jemalloc, after);
    CHECK(after[ALLOCATED] - before[ALLOCATED] >= BLOCKS * 20480LL);
    CHECK(after[FRAGMENTED] - before[FRAGMENTED] < BLOCKS * 512LL);
    CHECK(after[CACHED] - before[CACHED] < BLOCKS * 512LL);
    for (int i = 0; i < BLOCKS; i++) {
        free(blocks[i]);
    }
    free(blocks);
}

static void threads_are_counted(void) {
    unsigned arena = 0;
    uint64_t *counter;
    pthread_t thread;
    long long values[STATISTICS];
    if (create_arena(&arena) != 0) {
        unsigned before;
        CHECK(thread_counters(&counter, &counter) != 0 && bind_thread(0, &before) != 0 && arena_statistics(0, values) != 0);
        return;
    }
    pthread_create(&thread, NULL, count_malloc, &arena);
    pthread_join(thread, NULL);
    large_blocks_pin_nothing(allocator_of_malloc());
}

static void the_report_is_whole(void) {
    struct report report = {0};
    char path[] = "/tmp/ebb-unit-XXXXXX";
    write_report(&report, 12345);
    CHECK(strncmp(report.characters, "ebb-report 1\n", 13) == 0);
    CHECK(strstr(report.characters, "\ndirect\t12345\nend\n") != NULL);
    CHECK(strstr(report.characters, "\nthread\t0\t0x") != NULL);
    static char zeroes[3 * 65536]; /* more than a page of any platform, so some of its pages have no file behind them */
    int known = 0;
    for (const char *at = strstr(report.characters, "\nvariables\t"); at != NULL; at = strstr(at + 1, "\nvariables\t")) {
        unsigned long from, to;
        known |= sscanf(at, "\nvariables\t%lx\t%lx\n", &from, &to) == 2 && from <= (unsigned long) (zeroes + 65536) && to > (unsigned long) (zeroes + 65536);
    }
    CHECK(known);
    CHECK(mkstemp(path) >= 0);
    CHECK(save_report(&report, path) != 0); /* it exists: whoever made it is not written to */
    unlink(path);
    CHECK(save_report(&report, path) == 0);
    unlink(path);
    free(report.characters);
}

int main(int count, char **arguments) {
    const char *helpers = count > 1 ? arguments[1] : ".";
    text_is_bounded();
    numbers_are_written_whole();
    mappings_are_read();
    copies_are_found_and_told_apart(helpers);
    hidden_functions_are_found_or_not_at_all(helpers);
    bad_files_are_no_libraries();
    the_own_allocator_is_known();
    threads_are_counted();
    the_report_is_whole();
    printf("%d failures\n", failures);
    return failures != 0;
}
