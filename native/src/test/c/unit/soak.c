/* Purges without pause beside threads that allocate and free, fork and posix_spawn: nothing may hang or crash. Argument: seconds. */
#define _GNU_SOURCE
#include "../../../main/c/ebb.h"
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static volatile int stopped;
static volatile long rounds[8];

static void *churn(void *number) {
    void *blocks[512] = {0};
    unsigned seed = (unsigned) (size_t) number;
    while (!stopped) {
        int at = rand_r(&seed) % 512;
        free(blocks[at]);
        blocks[at] = malloc(16 + (size_t) rand_r(&seed) % 300000);
        if (blocks[at] != NULL) {
            memset(blocks[at], 1, 16);
        }
        if (rand_r(&seed) % 64 == 0) {
            flush_thread_cache();
        }
        rounds[0]++;
    }
    for (int i = 0; i < 512; i++) {
        free(blocks[i]);
    }
    return NULL;
}

static void *forking(void *nothing) {
    while (!stopped) {
        pid_t child = fork();
        if (child == 0) {
            free(malloc(1000)); /* a lock that was held at the fork would hang here */
            _exit(0);
        }
        int status = 1;
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
            fprintf(stderr, "a child ended with %d\n", status);
            _exit(3);
        }
        rounds[1]++;
    }
    return nothing;
}

static void *spawning(void *nothing) {
    char *arguments[] = {"/bin/true", NULL};
    while (!stopped) {
        pid_t child;
        int status = 1;
        if (posix_spawn(&child, arguments[0], NULL, NULL, arguments, environ) != 0 || waitpid(child, &status, 0) != child || status != 0) {
            fprintf(stderr, "a spawned program ended with %d\n", status);
            _exit(4);
        }
        rounds[2]++;
    }
    return nothing;
}

int main(int count, char **arguments) {
    time_t end = time(NULL) + (count > 1 ? atoi(arguments[1]) : 10);
    pthread_t threads[5];
    for (size_t i = 0; i < 3; i++) {
        pthread_create(&threads[i], NULL, churn, (void *) (i + 1));
    }
    pthread_create(&threads[3], NULL, forking, NULL);
    pthread_create(&threads[4], NULL, spawning, NULL);
    long purges = 0;
    while (time(NULL) < end) {
        int found = find_allocators();
        for (int at = 0; at < found; at++) {
            const struct allocator *allocator = found_allocator(at);
            long long values[STATISTICS];
            struct text way = {0};
            if (allocator->kind->statistics != NULL) {
                allocator->kind->statistics(allocator, values);
            }
            allocator->kind->purge(allocator, &way);
            purges++;
        }
        release_allocators();
    }
    stopped = 1;
    for (int i = 0; i < 5; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%ld purges beside %ld allocations, %ld forks, %ld spawns\n", purges, rounds[0], rounds[1], rounds[2]);
    return purges == 0 || rounds[1] == 0 || rounds[2] == 0;
}
