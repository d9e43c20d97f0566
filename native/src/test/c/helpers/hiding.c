/* For tests: a jemalloc that its library keeps to itself, as DuckDB's; only the symbol table of the file knows it. */
#include <errno.h>
#include <string.h>

__attribute__((noinline, used)) static int duckdb_je_mallctl(const char *name, void *old, size_t *old_length, void *new, size_t new_length) {
    static const char *const VERSION = "5.8.8-hidden";
    (void) new;
    (void) new_length;
    if (strcmp(name, "version") != 0 || old_length == NULL || *old_length != sizeof VERSION) {
        return ENOENT;
    }
    memcpy(old, &VERSION, sizeof VERSION);
    return 0;
}

__attribute__((visibility("default"))) int hiding_something(void) {
    return duckdb_je_mallctl("", NULL, NULL, NULL, 0);
}
