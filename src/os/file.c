/* SPDX-License-Identifier: Apache-2.0 */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIRST_ROOM ((size_t)16 * 1024)

/* Room for one byte at least, and never for more than `max` and the one that is too many.
 */
static int grow(struct troth_file *file, size_t *room, size_t max)
{
    size_t wanted = *room ? *room * 2 : FIRST_ROOM;
    uint8_t *bytes;

    if (wanted > max + 1)
        wanted = max + 1;
    bytes = realloc(file->bytes, wanted);
    if (!bytes)
        return ENOMEM;
    file->bytes = bytes;
    *room = wanted;
    return 0;
}

static int read_all(struct troth_file *file, int from, size_t max)
{
    size_t room = 0;
    int failed;

    for (;;) {
        ssize_t got;

        if (file->len > max)
            return EFBIG;
        if (file->len == room && (failed = grow(file, &room, max)) != 0)
            return failed;
        got = read(from, file->bytes + file->len, room - file->len);
        if (got == 0)
            return 0;
        if (got > 0)
            file->len += (size_t)got;
        else if (errno != EINTR)
            return errno;
    }
}

static int read_or_release(struct troth_file *out, int from, size_t max)
{
    int failed;

    *out = (struct troth_file){NULL, 0};
    failed = read_all(out, from, max);
    if (failed)
        troth_file_release(out);
    return failed;
}

int troth_file_read(struct troth_file *out, const char *path, size_t max)
{
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int failed;

    if (from < 0) {
        *out = (struct troth_file){NULL, 0};
        return errno;
    }
    failed = read_or_release(out, from, max);
    (void)close(from);
    return failed;
}

int troth_file_read_open(struct troth_file *out, int descriptor, size_t max)
{
    return read_or_release(out, descriptor, max);
}

int troth_file_read_standard(struct troth_file *out, size_t max)
{
    return read_or_release(out, STDIN_FILENO, max);
}

static int write_to(const char *path, int flags, struct troth_span bytes)
{
    int to = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | flags, 0666);
    int failed = to < 0 ? errno : 0;

    while (!failed && bytes.len > 0) {
        ssize_t put = write(to, bytes.ptr, bytes.len);

        if (put < 0 && errno != EINTR)
            failed = errno;
        if (put > 0)
            bytes = (struct troth_span){bytes.ptr + put, bytes.len - (size_t)put};
    }
    if (to >= 0 && close(to) != 0 && !failed)
        failed = errno;
    return failed;
}

/* A new file, in place of what a process that was killed may have left half written: the
 * number that is its name comes again, always so in a process namespace. */
static int write_new(const char *path, struct troth_span bytes)
{
    int failed = write_to(path, O_CREAT | O_EXCL, bytes);

    if (failed != EEXIST)
        return failed;
    if (unlink(path) != 0)
        return errno;
    return write_to(path, O_CREAT | O_EXCL, bytes);
}

int troth_file_write(const char *path, struct troth_span bytes)
{
    char beside[4096];
    struct stat about;
    bool is_there = stat(path, &about) == 0;
    int failed, written;

    if (is_there && !S_ISREG(about.st_mode))
        return write_to(path, 0, bytes);
    written = snprintf(beside, sizeof beside, "%s.new-%ld", path, (long)getpid());
    if (written < 0 || (size_t)written >= sizeof beside)
        return ENAMETOOLONG;
    failed = write_new(beside, bytes);
    if (!failed && rename(beside, path) != 0)
        failed = errno;
    if (failed)
        (void)unlink(beside);
    return failed;
}

void troth_file_release(struct troth_file *file)
{
    free(file->bytes);
    *file = (struct troth_file){NULL, 0};
}
