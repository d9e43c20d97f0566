#ifndef EBB_REPORT_H
#define EBB_REPORT_H

#include <stddef.h>

/* Text that grows; always ends in 0 once anything was put into it. Its characters are the caller's to free. */
struct report {
    char *characters;
    size_t length, capacity;
};

void write_report(struct report *, long long direct_bytes); /* -1 if not known; uses the table of find.c, so one thread at a time */
int save_report(const struct report *, const char *path);   /* into a file that must not exist yet; 0 or an errno */

#endif
