// Preloaded into a program, has each regular file that it wrote on the disk before it is closed: what a receiver costs
// that answers for what it keeps.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int fclose(FILE *file) {
    static int (*next)(FILE *);
    struct stat status;
    int descriptor = fileno(file);
    if (!next) next = (int (*)(FILE *))dlsym(RTLD_NEXT, "fclose");
    if (descriptor >= 0 && (fcntl(descriptor, F_GETFL) & O_ACCMODE) != O_RDONLY && !fstat(descriptor, &status) &&
        S_ISREG(status.st_mode) && (fflush(file) || fdatasync(descriptor))) {
        perror("synced");
        _exit(1);
    }
    return next(file);
}
