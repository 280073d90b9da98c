/* Holds a process to its promise: no answer (a P-DATA-TF PDU) leaves before what was written under the folder STEP_UNDER is
 * synced, and the names of the files that were made; no file goes before the log of the database is synced. Preloaded. What
 * breaks it is a line in the file ORDER_BROKEN.
 *
 * It is for one peer that sends one thing at a time: what another has only begun to send would count as well. Of the log of
 * the database only what the thread itself has written counts, which alone answers such a peer.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST 256

/* Paths of what is not synced, and who wrote it last. */
static char unsynced[MOST][PATH_MAX];
static pthread_t writers[MOST];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *under, *broken;

__attribute__((constructor)) static void begin(void) {
    under = getenv("STEP_UNDER");
    broken = getenv("ORDER_BROKEN");
}

/* 0: it is not under the folder, or nothing of it need survive the process. */
static int path_of(int file, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return under && !strncmp(path, under, strlen(under)) && !strstr(path, ".db-shm") && !strstr(path, "/lock");
}

static void change(const char *path, int is_unsynced) {
    pthread_mutex_lock(&lock);
    int place = -1;
    for (int i = 0; i < MOST; i++) {
        if (!strcmp(unsynced[i], path)) { place = i; break; }
        if (!unsynced[i][0] && place < 0) place = i;
    }
    if (place >= 0) {
        snprintf(unsynced[place], PATH_MAX, "%s", is_unsynced ? path : "");
        writers[place] = pthread_self();
    }
    pthread_mutex_unlock(&lock);
}

static void tell(const char *what, const char *path) {
    FILE *file = fopen(broken, "a");
    fprintf(file, "%s %s\n", what, path + strlen(under));
    fclose(file);
}

/* Something of `kind` is about to happen. */
static void check(const char *kind, const char *of) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < MOST; i++)
        if (unsynced[i][0] && (!of || strstr(unsynced[i], of)) &&
            (!strstr(unsynced[i], ".db") || pthread_equal(writers[i], pthread_self())))
            tell(kind, unsynced[i]);
    pthread_mutex_unlock(&lock);
}

#define NEXT(name) \
    static typeof(name) *next; \
    if (!next) next = (typeof(name) *)dlsym(RTLD_NEXT, #name)

static void written(int file) {
    char path[PATH_MAX];
    if (path_of(file, path)) change(path, 1);
}

#define WRITE(name, arguments, ...) \
    ssize_t name arguments { \
        NEXT(name); \
        written(file); \
        return next(__VA_ARGS__); \
    }
WRITE(write, (int file, const void *bytes, size_t size), file, bytes, size)
WRITE(pwrite, (int file, const void *bytes, size_t size, off_t place), file, bytes, size, place)
WRITE(pwrite64, (int file, const void *bytes, size_t size, off64_t place), file, bytes, size, place)
WRITE(writev, (int file, const struct iovec *parts, int number), file, parts, number)

/* Of a folder: its names. */
#define SYNC(name) \
    int name(int file) { \
        NEXT(name); \
        char path[PATH_MAX]; \
        int result = next(file); \
        if (result == 0 && path_of(file, path)) change(path, 0); \
        return result; \
    }
SYNC(fsync)
SYNC(fdatasync)

int openat(int folder, const char *path, int flags, ...) {
    NEXT(openat);
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    char of[PATH_MAX];
    if (flags & O_CREAT && folder >= 0 && path_of(folder, of)) change(of, 1);
    return next(folder, path, flags, mode);
}

/* A file that goes: what says so must be durable. */
int unlinkat(int folder, const char *path, int flags) {
    NEXT(unlinkat);
    char of[PATH_MAX];
    if (folder >= 0 && path_of(folder, of)) {
        size_t length = strlen(of);
        snprintf(of + length, sizeof of - length, "/%s", path);
        check("removed before synced:", "-wal");
        change(of, 0);
    }
    return next(folder, path, flags);
}

ssize_t send(int socket, const void *bytes, size_t size, int flags) {
    NEXT(send);
    if (size > 0 && ((const unsigned char *)bytes)[0] == 4) check("answered before synced:", NULL);
    return next(socket, bytes, size, flags);
}
