/* For the unit tests: the same stand-in under the prefix that Rust's tikv-jemallocator gives its functions. */
#define je_mallctl _rjem_mallctl
#include "busyjemalloc.c"
