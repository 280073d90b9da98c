/* Does something at the STEP_AT-th step of its process towards the disk, all threads counted together; preloaded.
 *
 * STEP_HOW=kill: it dies, at a point between two durable steps: before the first write since the last sync (what went
 * before has been told to peers), before a sync (it is in the file, nobody was told), before a file is made, renamed or
 * removed. A process's own death loses no write, so that a point between two writes is as the first of these.
 *
 * STEP_HOW=full: from then on every step under the folder STEP_UNDER that needs room fails with ENOSPC, until the file
 * STEP_ROOM is there. STEP_HOW=error: that one step, or sync, fails with EIO. The file STEP_REACHED tells that it came so far.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NONE, KILL, FULL, ERROR };
static atomic_int steps, is_written;
static int at, how;
static const char *under, *room, *reached;

__attribute__((constructor)) static void begin(void) {
    const char *number = getenv("STEP_AT"), *name = getenv("STEP_HOW");
    at = number ? atoi(number) : 0;
    how = !name ? NONE : !strcmp(name, "kill") ? KILL : !strcmp(name, "full") ? FULL : ERROR;
    under = getenv("STEP_UNDER");
    room = getenv("STEP_ROOM");
    reached = getenv("STEP_REACHED");
}

static int is_under(const char *path) {
    return under && path && !strncmp(path, under, strlen(under));
}

static int is_file_under(int file) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return is_under(path);
}

static int count(void) { return atomic_fetch_add(&steps, 1) + 1; }

/* Whether a step that changes the folder fails, with errno; `needs_room`: not a sync. */
static int fails(int is_ours, int needs_room) {
    int saved = errno;
    if (how < FULL || !is_ours) return 0;
    int number = count();
    if (number == at && reached) close(creat(reached, 0644));
    if (how == ERROR && number == at) { errno = EIO; return 1; }
    if (how == FULL && needs_room && number >= at && access(room, F_OK) != 0) { errno = ENOSPC; return 1; }
    errno = saved;
    return 0;
}

static void point(void) {
    if (how == KILL && count() == at) kill(getpid(), SIGKILL);
}

static void before_write(int is_ours) {
    if (how == KILL && is_ours && !atomic_exchange(&is_written, 1)) point();
}

static void before_sync(void) {
    point();
    atomic_store(&is_written, 0);
}

#define NEXT(name) \
    static typeof(name) *next; \
    if (!next) next = (typeof(name) *)dlsym(RTLD_NEXT, #name)

#define SYNC(name) \
    int name(int file) { \
        NEXT(name); \
        before_sync(); \
        return fails(is_file_under(file), 0) ? -1 : next(file); \
    }
SYNC(fsync)
SYNC(fdatasync)

#define WRITE(name, arguments, ...) \
    ssize_t name arguments { \
        NEXT(name); \
        int is_ours = how && is_file_under(file); \
        before_write(is_ours); \
        return fails(is_ours, 1) ? -1 : next(__VA_ARGS__); \
    }
WRITE(write, (int file, const void *bytes, size_t size), file, bytes, size)
WRITE(pwrite, (int file, const void *bytes, size_t size, off_t place), file, bytes, size, place)
WRITE(pwrite64, (int file, const void *bytes, size_t size, off64_t place), file, bytes, size, place)
WRITE(writev, (int file, const struct iovec *parts, int number), file, parts, number)
WRITE(pwritev, (int file, const struct iovec *parts, int number, off_t place), file, parts, number, place)

#define SIZE(name, type) \
    int name(int file, type size) { \
        NEXT(name); \
        return fails(how && is_file_under(file), 1) ? -1 : next(file, size); \
    }
SIZE(ftruncate, off_t)
SIZE(ftruncate64, off64_t)

int fallocate(int file, int mode, off_t place, off_t size) {
    NEXT(fallocate);
    return fails(how && is_file_under(file), 1) ? -1 : next(file, mode, place, size);
}

int posix_fallocate(int file, off_t place, off_t size) {
    NEXT(posix_fallocate);
    return fails(how && is_file_under(file), 1) ? errno : next(file, place, size);
}

int rename(const char *from, const char *to) {
    NEXT(rename);
    if (is_under(to)) point();
    return fails(is_under(to), 1) ? -1 : next(from, to);
}

int unlink(const char *path) {
    NEXT(unlink);
    if (is_under(path)) point();
    return next(path);
}

int unlinkat(int folder, const char *path, int flags) {
    NEXT(unlinkat);
    if (is_under(path) || (path[0] != '/' && how && is_file_under(folder))) point();
    return next(folder, path, flags);
}

static int makes(int folder, const char *path, int flags) {
    return flags & O_CREAT && how && (is_under(path) || (path[0] != '/' && folder >= 0 && is_file_under(folder)));
}

#define MODE \
    va_list more; \
    va_start(more, flags); \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
    va_end(more)

/* A file that is there already needs no room. */
#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        NEXT(name); \
        MODE; \
        if (makes(-1, path, flags) && access(path, F_OK) != 0) { \
            point(); \
            if (fails(1, 1)) return -1; \
        } \
        return next(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPEN_AT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        NEXT(name); \
        MODE; \
        if (makes(folder, path, flags) && faccessat(folder, path, F_OK, 0) != 0) { \
            point(); \
            if (fails(1, 1)) return -1; \
        } \
        return next(folder, path, flags, mode); \
    }
OPEN_AT(openat)
OPEN_AT(openat64)
