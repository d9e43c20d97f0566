/*
 * The raw cost of giving memory back to the kernel: as many bytes, touched page by page, once madvised away as a whole, once unmapped as a whole, and once in pieces of a page at the least.
 * Arguments: bytes, pieces, and a file if the memory is to be mapped from it. Prints milliseconds by the clock and of the processor, as name=value.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096 };

static double millis(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (double) time.tv_sec * 1e3 + time.tv_nsec * 1e-6;
}

static int unmap(void *at, size_t bytes) {
    return munmap(at, bytes);
}

static int discard(void *at, size_t bytes) {
    return madvise(at, bytes, MADV_DONTNEED);
}

static char *touched(size_t bytes, int file) {
    char *memory = mmap(NULL, bytes, file < 0 ? PROT_READ | PROT_WRITE : PROT_READ, file < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, file, 0);
    if (memory == MAP_FAILED) {
        perror("mmap");
        exit(1);
    }
    for (size_t at = 0; at < bytes; at += PAGE) {
        if (file < 0) {
            memory[at] = 1;
        } else {
            (void) *(volatile char *) (memory + at);
        }
    }
    return memory;
}

static void measure(const char *name, int (*give_back)(void *, size_t), char *memory, size_t bytes, size_t each) {
    double clock = millis(CLOCK_MONOTONIC);
    double processor = millis(CLOCK_THREAD_CPUTIME_ID);
    for (size_t at = 0; at < bytes; at += each) {
        if (give_back(memory + at, bytes - at < each ? bytes - at : each) != 0) {
            perror(name);
            exit(1);
        }
    }
    printf("%s=%.3f\n%sCpu=%.3f\n", name, millis(CLOCK_MONOTONIC) - clock, name, millis(CLOCK_THREAD_CPUTIME_ID) - processor);
}

int main(int count, char **arguments) {
    if (count < 3) {
        return 2;
    }
    size_t bytes = strtoull(arguments[1], NULL, 10) / PAGE * PAGE;
    size_t each = bytes / strtoull(arguments[2], NULL, 10) / PAGE * PAGE;
    int file = count > 3 ? open(arguments[3], O_RDWR | O_CREAT, 0600) : -1;
    if (count > 3 && (file < 0 || ftruncate(file, (off_t) bytes) != 0)) {
        perror(arguments[3]);
        return 1;
    }
    each = each == 0 ? PAGE : each;
    char *memory = touched(bytes, file);
    measure("madvise", discard, memory, bytes, bytes);
    munmap(memory, bytes);
    measure("munmap", unmap, touched(bytes, file), bytes, bytes);
    measure("pieces", unmap, touched(bytes, file), bytes, each);
    if (file >= 0) {
        unlink(arguments[3]);
    }
    return 0;
}
