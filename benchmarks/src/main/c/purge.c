/*
 * Purge figures of one allocator, the one that is preloaded: how fast pages come back against one raw madvise of the same bytes in the same run, which share comes back, and what
 * threads that allocate meanwhile feel, against the same time without a purge. Argument: bytes to free. Prints one line, columns separated by |.
 */
#define _GNU_SOURCE
#include "../../../../native/src/main/c/ebb.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 65536, KEPT_EACH = 64, WORKERS = 2, BUCKETS = 64 * 16 };

static volatile int recording; /* which of the histograms: 0 none, 1 without, 2 with a purge */
static volatile int stopped;

/* Sixteen steps to each doubling of nanoseconds. */
struct histogram {
    unsigned long counts[BUCKETS];
    unsigned long long max;
};
static struct histogram seen[WORKERS][3];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double) time.tv_sec + time.tv_nsec * 1e-9;
}

static void record(struct histogram *histogram, unsigned long long nanos) {
    unsigned doubling = nanos < 16 ? 0 : 63 - (unsigned) __builtin_clzll(nanos) - 4;
    unsigned bucket = doubling * 16 + (unsigned) (nanos >> doubling);
    histogram->counts[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    histogram->max = nanos > histogram->max ? nanos : histogram->max;
}

static double upper_bound(unsigned bucket) {
    unsigned doubling = bucket < 32 ? 0 : bucket / 16 - 1;
    return (double) ((unsigned long long) (bucket - doubling * 16 + 1) << doubling);
}

/* In microseconds. */
static double percentile(int which, double share) {
    unsigned long total = 0;
    unsigned long sum = 0;
    for (int w = 0; w < WORKERS; w++) {
        for (int b = 0; b < BUCKETS; b++) {
            total += seen[w][which].counts[b];
        }
    }
    for (int b = 0; b < BUCKETS; b++) {
        for (int w = 0; w < WORKERS; w++) {
            sum += seen[w][which].counts[b];
        }
        if (sum >= share * (double) total && total > 0) {
            return upper_bound((unsigned) b) / 1000;
        }
    }
    return 0;
}

static double maximum(int which) {
    unsigned long long max = 0;
    for (int w = 0; w < WORKERS; w++) {
        max = seen[w][which].max > max ? seen[w][which].max : max;
    }
    return (double) max / 1000;
}

static void *work(void *argument) {
    struct histogram *mine = argument;
    void *blocks[256] = {0};
    unsigned seed = 7;
    while (!stopped) {
        int at = rand_r(&seed) % 256;
        size_t size = 32 + (size_t) rand_r(&seed) % 8000;
        int which = recording;
        double before = now();
        free(blocks[at]);
        blocks[at] = malloc(size);
        record(&mine[which], (unsigned long long) ((now() - before) * 1e9));
        memset(blocks[at], 1, 32);
    }
    return NULL;
}

static size_t resident(void) {
    size_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL && fscanf(file, "%*s %zu", &pages) != 1) {
        pages = 0;
    }
    if (file != NULL) {
        fclose(file);
    }
    return pages * (size_t) sysconf(_SC_PAGESIZE);
}

/* On the processor, in seconds: what other programs take of it meanwhile does not count. */
static double processor_time(void) {
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double) time.tv_sec + time.tv_nsec * 1e-9;
}

static double raw_gib_per_second(size_t bytes) {
    char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return 0;
    }
    madvise(memory, bytes, MADV_NOHUGEPAGE);
    memset(memory, 1, bytes);
    double start = processor_time();
    madvise(memory, bytes, MADV_DONTNEED);
    double seconds = processor_time() - start;
    munmap(memory, bytes);
    return (double) bytes / seconds / (1 << 30);
}

static const struct allocator *own(void) {
    int count = find_allocators();
    for (int at = 0; at < count; at++) {
        if (found_allocator(at)->serves_malloc) {
            return found_allocator(at);
        }
    }
    fprintf(stderr, "no allocator serves malloc\n");
    exit(1);
}

/* What it leaves: so many blocks, of which all but each KEPT_EACH-th are free. @return bytes that stay */
static size_t fill_and_free(void **all, size_t blocks, size_t *peak) {
    size_t kept = 0;
    for (size_t i = 0; i < blocks; i++) {
        all[i] = malloc(BLOCK);
        memset(all[i], 1, BLOCK);
    }
    *peak = resident();
    for (size_t i = 0; i < blocks; i++) {
        if (i % KEPT_EACH != 0) {
            free(all[i]);
        } else {
            kept += BLOCK;
        }
    }
    return kept;
}

int main(int count, char **arguments) {
    size_t bytes = count > 1 ? strtoull(arguments[1], NULL, 10) : (size_t) 1 << 30;
    size_t blocks = bytes / BLOCK;
    size_t peak;
    struct text name = {0};
    struct text way = {0};
    struct text again = {0};
    pthread_t threads[WORKERS];
    double raw = raw_gib_per_second(bytes);
    const struct allocator *allocator = own();
    allocator->kind->describe(allocator, &name);

    /* alone: how fast, and how much */
    void **all = mmap(NULL, blocks * sizeof *all, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    size_t start = resident();
    size_t kept = fill_and_free(all, blocks, &peak);
    size_t freed = resident();
    double before = processor_time();
    int error = allocator->kind->purge(allocator, &way);
    double seconds = processor_time() - before;
    size_t after = resident();
    double purge = (double) (freed - after) / seconds / (1 << 30);
    double returned = 100.0 * (double) (peak - after) / (double) (peak - start - kept);

    /* beside threads that allocate: what these feel */
    fill_and_free(all, blocks, &peak);
    for (size_t i = 0; i < WORKERS; i++) {
        pthread_create(&threads[i], NULL, work, seen[i]);
    }
    usleep(200000);
    recording = 2;
    before = now();
    allocator->kind->purge(allocator, &again);
    double wall = now() - before;
    recording = 1;
    usleep((useconds_t) (wall * 1e6) + 1000);
    recording = 0;
    stopped = 1;
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%s|%s|%.1f|%.0f|%.1f|%.1f|%.2f|%.1f|%.0f|%.1f / %.1f / %.0f|%.1f / %.1f / %.0f\n", name.characters, error == 0 ? way.characters : "failed",
        (double) (freed - after) / (1 << 30), seconds * 1000, purge, raw, purge / raw, returned, wall * 1000, percentile(1, 0.99), percentile(1, 0.999), maximum(1), percentile(2, 0.99),
        percentile(2, 0.999), maximum(2));
    return error != 0;
}
