/* A disk that fails once: the n-th of the calls that write, flush or move files gives EIO, as a bad sector or a
 * pulled cable does. CELLSWEEP_TEST_FAIL_AT says which; what goes to a terminal or a pipe doesn't count. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long calls = 0;

static int fails(void) {
    const char *at = getenv("CELLSWEEP_TEST_FAIL_AT");
    if (at == NULL) return 0;
    if (atomic_fetch_add(&calls, 1) + 1 != atol(at)) return 0;
    errno = EIO;
    return 1;
}

static int is_file(int fd) {
    struct stat st;
    return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__) = NULL; \
    if (real == NULL) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *buf, size_t n) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (is_file(fd) && fails()) return -1;
    return real(fd, buf, n);
}

ssize_t pwrite64(int fd, const void *buf, size_t n, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    if (is_file(fd) && fails()) return -1;
    return real(fd, buf, n, at);
}

ssize_t pwrite(int fd, const void *buf, size_t n, off_t at) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    if (is_file(fd) && fails()) return -1;
    return real(fd, buf, n, at);
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    if (is_file(fd) && fails()) return -1;
    return real(fd);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    if (is_file(fd) && fails()) return -1;
    return real(fd);
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    if (fails()) return -1;
    return real(from, to);
}

int ftruncate64(int fd, off64_t length) {
    REAL(int, "ftruncate64", int, off64_t);
    if (is_file(fd) && fails()) return -1;
    return real(fd, length);
}
