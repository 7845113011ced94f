/* Preloaded into a worker: notes each file operation below FAULTS_ROOT with its contents in the file FAULTS_TRACE,
 * and makes a chosen one fail or the last one (see faults_arm). Read by trace.py; compiled by preload.py.
 *
 * One record: char kind, uint64 inode, int64 number, uint32 length, uint32 length, bytes, bytes.
 *   c create   (inode, path)          w write    (inode, offset, data)      t truncate (inode, size)
 *   s sync     (inode; of a file)     d sync     (path; of a folder)        a said     (text written to FAULTS_ACKS)
 *   m mkdir    (path)                 r rename   (path, path)               u unlink   (path)     x rmdir (path)
 *   l link     (path, path)
 * Writes through mmap are not seen: SQLite does them to its -shm only, which holds nothing that must last.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#define PATH 4200

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH], acks[PATH];
static size_t root_size;
static int trace = -1;

enum { NOTHING, ONCE, ONWARDS, HALF, DIE };
static int armed = NOTHING, fault = ENOSPC, hits = 0;
static long counted = 0, failing_at = 0;

#define REAL(name) ((__typeof__(&name))real_##name())
#define FIND(name) \
    static void *real_##name(void) { \
        static void *found; \
        if (!found) found = dlsym(RTLD_NEXT, #name); \
        return found; \
    }

FIND(open) FIND(open64) FIND(openat) FIND(openat64) FIND(write) FIND(pwrite) FIND(pwrite64)
FIND(writev) FIND(pwritev) FIND(ftruncate) FIND(ftruncate64)
FIND(posix_fallocate) FIND(posix_fallocate64) FIND(fallocate) FIND(fallocate64) FIND(fsync) FIND(fdatasync)
FIND(rename) FIND(renameat) FIND(renameat2) FIND(unlink) FIND(unlinkat) FIND(rmdir) FIND(mkdir) FIND(mkdirat)
FIND(statvfs) FIND(statvfs64) FIND(linkat) FIND(sendfile) FIND(sendfile64) FIND(copy_file_range)

/* Watch what is below this folder. */
void faults_watch(const char *where) {
    snprintf(root, sizeof root, "%s", where);
    root_size = strlen(root);
}

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("FAULTS_ROOT"), *out = getenv("FAULTS_TRACE"), *said = getenv("FAULTS_ACKS");
    if (where) faults_watch(where);
    if (said) snprintf(acks, sizeof acks, "%s", said);
    if (out) trace = REAL(open)(out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Count from now; the operation number `at` (from 1) that needs room fails with `number`, or kills. */
void faults_arm(long at, int mode, int number) {
    counted = 0, failing_at = at, armed = mode, fault = number, hits = 0;
}
long faults_counted(void) { return counted; }
int faults_hits(void) { return hits; }

static int below(const char *path) {
    return root_size && !strncmp(path, root, root_size) && (path[root_size] == '/' || !path[root_size]);
}

/* Where a descriptor's file lies, if below the root. */
static int place_of(int fd, char *out) {
    char link_[64];
    snprintf(link_, sizeof link_, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link_, out, PATH - 1);
    if (size < 0) return 0;
    out[size] = 0;
    return below(out);
}

static int absolute(int dir, const char *path, char *out) {
    char base[PATH];
    if (path[0] == '/') snprintf(out, PATH, "%s", path);
    else {
        if (dir == AT_FDCWD) { if (!getcwd(base, sizeof base)) return 0; }
        else {
            char link_[64];
            snprintf(link_, sizeof link_, "/proc/self/fd/%d", dir);
            ssize_t size = readlink(link_, base, PATH - 1);
            if (size < 0) return 0;
            base[size] = 0;
        }
        if (snprintf(out, PATH, "%s/%s", base, path) >= PATH) return 0;
    }
    size_t end = strlen(out);
    while (end > 1 && out[end - 1] == '/') out[--end] = 0;
    return below(out);
}

static void note(char kind, uint64_t inode, int64_t number, const void *one, size_t first, const void *two, size_t second) {
    if (trace < 0) return;
    int kept = errno;
    uint32_t sizes[2] = {(uint32_t)first, (uint32_t)second};
    char head[25];
    head[0] = kind;
    memcpy(head + 1, &inode, 8), memcpy(head + 9, &number, 8), memcpy(head + 17, sizes, 8);
    struct iovec parts[3] = {{head, 25}, {(void *)one, first}, {(void *)two, second}};
    pthread_mutex_lock(&lock);
    ssize_t all = 25 + first + second;
    if (REAL(writev)(trace, parts, 3) != all) abort(); /* a record that is cut short would spoil all that follow */
    pthread_mutex_unlock(&lock);
    errno = kept;
}
static void note_path(char kind, const char *path) { note(kind, 0, 0, path, strlen(path), "", 0); }

static uint64_t inode_of(int fd) {
    struct stat found;
    return fstat(fd, &found) ? 0 : found.st_ino;
}

/* Whether this operation, which needs room on the disk, is to fail; HALF lets the first write through in part. */
static int fails(void) {
    counted++;
    if (armed == NOTHING || counted < failing_at) return 0;
    if (armed == DIE) kill(getpid(), SIGKILL);
    if (counted > failing_at && armed == ONCE) return 0;
    hits++;
    return 1;
}
#define FAIL_IF(wanted) do { if ((wanted) && fails()) { errno = fault; return -1; } } while (0)

static int opened(int fd, const char *path, int flags, int existed) {
    if (fd < 0) return fd;
    if (!existed) note('c', inode_of(fd), 0, path, strlen(path), "", 0);
    else if (flags & O_TRUNC) note('t', inode_of(fd), 0, "", 0, "", 0);
    return fd;
}
#define OPEN(call, dir, path, flags) do { \
        char where[PATH]; \
        struct stat found; \
        int mine = ((flags) & (O_CREAT | O_TRUNC)) && absolute(dir, path, where); \
        int existed = mine && !lstat(where, &found); \
        FAIL_IF(mine && !existed); \
        int fd = (call); \
        return mine ? opened(fd, where, flags, existed) : fd; \
    } while (0)
#define MODE(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE(flags) OPEN(REAL(open)(path, flags, mode), AT_FDCWD, path, flags); }
int open64(const char *path, int flags, ...) { MODE(flags) OPEN(REAL(open64)(path, flags, mode), AT_FDCWD, path, flags); }
int openat(int dir, const char *path, int flags, ...) { MODE(flags) OPEN(REAL(openat)(dir, path, flags, mode), dir, path, flags); }
int openat64(int dir, const char *path, int flags, ...) { MODE(flags) OPEN(REAL(openat64)(dir, path, flags, mode), dir, path, flags); }
int creat(const char *path, mode_t mode) { return open(path, O_WRONLY | O_CREAT | O_TRUNC, mode); }
int __open_2(const char *path, int flags) { return open(path, flags, 0); }
int __open64_2(const char *path, int flags) { return open64(path, flags, 0); }

static void wrote(int fd, const char *path, int64_t offset, const void *data, ssize_t size) {
    if (size <= 0) return;
    if (!strcmp(path, acks)) note('a', 0, 0, data, size, "", 0);
    else note('w', inode_of(fd), offset, data, size, "", 0);
}
/* `size` bytes are asked for; of a write that fails in half, as many as fit. */
#define WRITE(fd, call, half, offset, data) do { \
        char where[PATH]; \
        int mine = place_of(fd, where); \
        if (mine && strcmp(where, acks) && fails()) { \
            if (armed != HALF || hits > 1 || size < 2) { errno = fault; return -1; } \
            size_t whole = size; size = whole / 2; \
            ssize_t done = (half); wrote(fd, where, offset, data, done); \
            return done; \
        } \
        ssize_t done = (call); \
        if (mine) wrote(fd, where, offset, data, done); \
        return done; \
    } while (0)

ssize_t write(int fd, const void *data, size_t size) {
    WRITE(fd, REAL(write)(fd, data, size), REAL(write)(fd, data, size), lseek(fd, 0, SEEK_CUR) - done, data);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    WRITE(fd, REAL(pwrite)(fd, data, size, at), REAL(pwrite)(fd, data, size, at), at, data);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    WRITE(fd, REAL(pwrite64)(fd, data, size, at), REAL(pwrite64)(fd, data, size, at), at, data);
}

static ssize_t each_part(int fd, const struct iovec *parts, int count, int64_t at) {
    ssize_t all = 0;
    for (int place = 0; place < count; place++) {
        if (!parts[place].iov_len) continue;
        ssize_t done = at < 0 ? write(fd, parts[place].iov_base, parts[place].iov_len)
                              : pwrite(fd, parts[place].iov_base, parts[place].iov_len, at + all);
        if (done < 0) return all ? all : -1;
        all += done;
        if ((size_t)done < parts[place].iov_len) break;
    }
    return all;
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    char where[PATH];
    return place_of(fd, where) ? each_part(fd, parts, count, -1) : REAL(writev)(fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) {
    char where[PATH];
    return place_of(fd, where) ? each_part(fd, parts, count, at) : REAL(pwritev)(fd, parts, count, at);
}

/* The quick copies of the kernel are refused, so that Python copies with write(). */
ssize_t sendfile(int out, int in, off_t *at, size_t count) {
    char where[PATH];
    if (place_of(out, where)) { errno = ENOTSOCK; return -1; }
    return REAL(sendfile)(out, in, at, count);
}
ssize_t sendfile64(int out, int in, off64_t *at, size_t count) {
    char where[PATH];
    if (place_of(out, where)) { errno = ENOTSOCK; return -1; }
    return REAL(sendfile64)(out, in, at, count);
}
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t count, unsigned flags) {
    char where[PATH];
    if (place_of(out, where)) { errno = ENOSYS; return -1; }
    return REAL(copy_file_range)(in, from, out, to, count, flags);
}

#define RESIZE(fd, size, call, grows) do { \
        char where[PATH]; \
        struct stat found; \
        int mine = place_of(fd, where); \
        FAIL_IF(mine && !fstat(fd, &found) && found.st_size < (size)); \
        int done = (call); \
        if (mine && !done && (!(grows) || found.st_size < (size))) note('t', inode_of(fd), size, "", 0, "", 0); \
        return done; \
    } while (0)
int ftruncate(int fd, off_t size) { RESIZE(fd, size, REAL(ftruncate)(fd, size), 0); }
int ftruncate64(int fd, off64_t size) { RESIZE(fd, size, REAL(ftruncate64)(fd, size), 0); }
int posix_fallocate(int fd, off_t at, off_t size) { RESIZE(fd, at + size, REAL(posix_fallocate)(fd, at, size), 1); }
int posix_fallocate64(int fd, off64_t at, off64_t size) { RESIZE(fd, at + size, REAL(posix_fallocate64)(fd, at, size), 1); }
int fallocate(int fd, int mode, off_t at, off_t size) { RESIZE(fd, at + size, REAL(fallocate)(fd, mode, at, size), 1); }
int fallocate64(int fd, int mode, off64_t at, off64_t size) { RESIZE(fd, at + size, REAL(fallocate64)(fd, mode, at, size), 1); }
int truncate(const char *path, off_t size) {
    int fd = open(path, O_WRONLY);
    if (fd < 0) return -1;
    int done = ftruncate(fd, size);
    close(fd);
    return done;
}
int truncate64(const char *path, off64_t size) { return truncate(path, size); }

static int synced(int fd, int done) {
    char where[PATH];
    struct stat found;
    if (!done && place_of(fd, where) && !fstat(fd, &found)) {
        if (S_ISDIR(found.st_mode)) note_path('d', where);
        else note('s', found.st_ino, 0, "", 0, "", 0);
    }
    return done;
}
int fsync(int fd) { return synced(fd, REAL(fsync)(fd)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)(fd)); }

#define RENAME(one, from, two, to, call) do { \
        char before[PATH], after[PATH]; \
        int mine = absolute(one, from, before), still = absolute(two, to, after); \
        FAIL_IF(mine || still); \
        int done = (call); \
        if (!done && mine && still) note('r', 0, 0, before, strlen(before), after, strlen(after)); \
        return done; \
    } while (0)
int rename(const char *from, const char *to) { RENAME(AT_FDCWD, from, AT_FDCWD, to, REAL(rename)(from, to)); }
int renameat(int one, const char *from, int two, const char *to) { RENAME(one, from, two, to, REAL(renameat)(one, from, two, to)); }
int renameat2(int one, const char *from, int two, const char *to, unsigned flags) {
    RENAME(one, from, two, to, REAL(renameat2)(one, from, two, to, flags));
}
int linkat(int one, const char *from, int two, const char *to, int flags) {
    char before[PATH], after[PATH];
    int mine = absolute(one, from, before) && absolute(two, to, after);
    FAIL_IF(mine);
    int done = REAL(linkat)(one, from, two, to, flags);
    if (!done && mine) note('l', 0, 0, before, strlen(before), after, strlen(after));
    return done;
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

#define ENTRY(kind, dir, path, call, makes) do { \
        char where[PATH]; \
        int mine = absolute(dir, path, where); \
        FAIL_IF(mine && (makes)); \
        int done = (call); \
        if (!done && mine) note_path(kind, where); \
        return done; \
    } while (0)
int unlink(const char *path) { ENTRY('u', AT_FDCWD, path, REAL(unlink)(path), 0); }
int rmdir(const char *path) { ENTRY('x', AT_FDCWD, path, REAL(rmdir)(path), 0); }
int unlinkat(int dir, const char *path, int flags) {
    ENTRY(flags & AT_REMOVEDIR ? 'x' : 'u', dir, path, REAL(unlinkat)(dir, path, flags), 0);
}
int mkdir(const char *path, mode_t mode) { ENTRY('m', AT_FDCWD, path, REAL(mkdir)(path, mode), 1); }
int mkdirat(int dir, const char *path, mode_t mode) { ENTRY('m', dir, path, REAL(mkdirat)(dir, path, mode), 1); }

/* A disk on which everything fails from now on says that it is full. */
#define SPACE(path, call) do { \
        char where[PATH]; \
        int done = (call); \
        if (!done && hits && armed != ONCE && absolute(AT_FDCWD, path, where)) found->f_bfree = found->f_bavail = 0; \
        return done; \
    } while (0)
int statvfs(const char *path, struct statvfs *found) { SPACE(path, REAL(statvfs)(path, found)); }
int statvfs64(const char *path, struct statvfs64 *found) { SPACE(path, REAL(statvfs64)(path, found)); }
