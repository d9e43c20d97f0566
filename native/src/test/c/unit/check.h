/* As much of a test framework as these tests need: each check prints where it failed, and the program ends with the number of failures. */
#ifndef EBB_CHECK_H
#define EBB_CHECK_H

#include <stdio.h>
#include <string.h>

extern int failures;

#define CHECK(truth) \
    do { \
        if (!(truth)) { \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #truth); \
            failures++; \
        } \
    } while (0)

#define CHECK_TEXT(expected, actual) \
    do { \
        if (strcmp(expected, actual) != 0) { \
            fprintf(stderr, "%s:%d: \"%s\" and not \"%s\"\n", __FILE__, __LINE__, actual, expected); \
            failures++; \
        } \
    } while (0)

#endif
