#include "ebb.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* /proc/self/maps (man 5 proc), read in pieces: a JVM has some hundred lines of about 100 characters. The kernel ends no read inside a line, unless the line is longer than the room. */
struct lines {
    int descriptor;
    size_t at, end;
    char room[16 * 1024];
};

static int next_character(struct lines *lines) {
    if (lines->at == lines->end) {
        ssize_t got = read(lines->descriptor, lines->room, sizeof lines->room);
        if (got <= 0) {
            return -1;
        }
        lines->at = 0;
        lines->end = (size_t) got;
    }
    return (unsigned char) lines->room[lines->at++];
}

static int digit(int c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A number up to the character after it, which is lost. */
static uintptr_t read_number(struct lines *lines, int *c, unsigned base) {
    uintptr_t number = 0;
    for (*c = next_character(lines); digit(*c) >= 0; *c = next_character(lines)) {
        number = number * base + (unsigned) digit(*c);
    }
    return number;
}

/* 7f0000000000-7f0000021000 rw-p 00000000 00:00 0                          [heap] */
static int read_mapping(struct lines *lines, struct mapping *mapping) {
    char permissions[2];
    uintptr_t inode;
    int c;
    mapping->from = read_number(lines, &c, 16);
    mapping->to = read_number(lines, &c, 16);
    permissions[0] = (char) next_character(lines);
    permissions[1] = (char) next_character(lines);
    for (int spaces = 0; spaces < 3 && c >= 0; ) { /* rest of the permissions, offset, device */
        c = next_character(lines);
        spaces += c == ' ';
    }
    inode = read_number(lines, &c, 10);
    while (c == ' ') {
        c = next_character(lines);
    }
    mapping->readable_and_writable = permissions[0] == 'r' && permissions[1] == 'w';
    mapping->anonymous = inode == 0 && c == '\n';
    mapping->heap = c == '[' && next_character(lines) == 'h' && next_character(lines) == 'e';
    while (c != '\n' && c >= 0) {
        c = next_character(lines);
    }
    return c >= 0;
}

int each_mapping(int (*visit)(const struct mapping *, void *), void *context) {
    struct lines lines = {.descriptor = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
    struct mapping mapping;
    if (lines.descriptor < 0) {
        return ENOENT;
    }
    while (read_mapping(&lines, &mapping) && visit(&mapping, context) == 0) { }
    close(lines.descriptor);
    return 0;
}

/* By mincore, about a millisecond a GiB. What is unmapped meanwhile counts as not resident. */
size_t resident_bytes(uintptr_t from, uintptr_t to) {
    enum { PAGES_AT_ONCE = 4096 };
    unsigned char present[PAGES_AT_ONCE];
    size_t page = (size_t) sysconf(_SC_PAGESIZE);
    size_t pages = 0;
    for (uintptr_t at = from; at < to; at += PAGES_AT_ONCE * page) {
        size_t length = to - at < PAGES_AT_ONCE * page ? to - at : PAGES_AT_ONCE * page;
        if (mincore((void *) at, length, present) == 0) {
            for (size_t i = 0; i < length / page; i++) {
                pages += present[i] & 1;
            }
        }
    }
    return pages * page;
}
