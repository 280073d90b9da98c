/* Kills its process at the KILL_AT-th point between two durable steps, all threads counted together; preloaded.
 *
 * Two points for each transaction: before its first write (what the one before promised has been said to peers), and
 * before its sync (it is in the file, nobody was told). A process's own death loses no write, so that a point between
 * two writes of one transaction is as the first of these.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_int points, is_written;
static int kill_at;

__attribute__((constructor)) static void read_kill_at(void) {
    const char *text = getenv("KILL_AT");
    kill_at = text ? atoi(text) : 0;
}

static void point(void) {
    if (atomic_fetch_add(&points, 1) + 1 == kill_at) kill(getpid(), SIGKILL);
}

int fdatasync(int file) {
    static int (*next)(int);
    if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    point();
    atomic_store(&is_written, 0);
    return next(file);
}

int fsync(int file) {
    static int (*next)(int);
    if (!next) next = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    point();
    atomic_store(&is_written, 0);
    return next(file);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    static ssize_t (*next)(int, const void *, size_t, off64_t);
    if (!next) next = (ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
    if (!atomic_exchange(&is_written, 1)) point();
    return next(file, bytes, count, at);
}
