/* Preloaded: once the file HANG_NOW is there, every sync of the disk waits for ever; or, where HANG_HOW=error, fails. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fails(void) {
    const char *file = getenv("HANG_NOW"), *how = getenv("HANG_HOW");
    if (!file || access(file, F_OK) != 0) return 0;
    if (how && !strcmp(how, "error")) { errno = EIO; return 1; }
    for (;;) pause();
}

#define SYNC(name) \
    int name(int file) { \
        static int (*next)(int); \
        if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, #name); \
        return fails() ? -1 : next(file); \
    }
SYNC(fsync)
SYNC(fdatasync)
