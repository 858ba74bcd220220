/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/input_store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/span.h"
#include "base/writer.h"
#include "builder/surroundings.h"

#define DIGESTS "sha256"
#define HEX_LEN 64
#define CHUNK   ((size_t)256 * 1024)
#define INPUT_MAX                                                                        \
    (UINT64_C(4) << 30) /* a package or an image's kernel is far smaller                 \
                         */
#define NAME_TRIES 16

/* A digest of what is read, and a copy of it where `to` is a file. */
struct copying {
    EVP_MD_CTX *digest;
    uint8_t *chunk;
    int from, to;
    uint64_t size;
};

static void name_of(char out[static HEX_LEN + 1], const uint8_t sha256[static 32])
{
    struct troth_writer w = troth_writer_over((uint8_t *)out, HEX_LEN);

    troth_write_hex(&w, (struct troth_span){sha256, 32});
    out[HEX_LEN] = '\0';
}

static int write_all(int to, const uint8_t *bytes, size_t len)
{
    while (len > 0) {
        const ssize_t put = write(to, bytes, len);

        if (put < 0 && errno != EINTR)
            return errno;
        if (put > 0) {
            bytes += put;
            len -= (size_t)put;
        }
    }
    return 0;
}

/* From where the file begins, wherever its reader stands. An errno. */
static int copy_all(struct copying *c)
{
    int failed = 0;

    while (!failed) {
        const ssize_t got = pread(c->from, c->chunk, CHUNK, (off_t)c->size);

        if (got == 0)
            return 0;
        if (got < 0) {
            failed = errno == EINTR ? 0 : errno;
            continue;
        }
        c->size += (uint64_t)got;
        if (c->size > INPUT_MAX)
            return EFBIG;
        if (!EVP_DigestUpdate(c->digest, c->chunk, (size_t)got))
            return ENOMEM;
        if (c->to >= 0)
            failed = write_all(c->to, c->chunk, (size_t)got);
    }
    return failed;
}

static int digest_file(uint8_t out[static 32], uint64_t *out_size, int from, int to)
{
    struct copying c = {EVP_MD_CTX_new(), malloc(CHUNK), from, to, 0};
    int failed = ENOMEM;

    if (c.digest && c.chunk && EVP_DigestInit_ex(c.digest, EVP_sha256(), NULL))
        failed = copy_all(&c);
    if (!failed && !EVP_DigestFinal_ex(c.digest, out, NULL))
        failed = ENOMEM;
    EVP_MD_CTX_free(c.digest);
    free(c.chunk);
    *out_size = failed ? 0 : c.size;
    return failed;
}

/* The folder of digests; no link in its own name. -1 with errno. */
static int open_folder(const char *folder)
{
    const int store = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int digests, failed;

    if (store < 0)
        return -1;
    digests = openat(store, DIGESTS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    failed = errno;
    (void)close(store);
    errno = failed;
    return digests;
}

static bool object_to_absence(struct troth_build_problem *problem, const char *name,
                              int error)
{
    if (error != ENOENT)
        return troth_build_fail_errno(problem, name, "cannot be taken from the store",
                                      error);
    (void)troth_build_fail(problem, name, "is not in the store of inputs");
    troth_build_hint(problem, "troth build --fetch gets what is locked");
    return false;
}

/* The file of this digest, if it is one. Opening a pipe would wait for its other end. -1
 * with errno. */
static int open_file(const char *folder, const uint8_t sha256[static 32])
{
    char hex[HEX_LEN + 1];
    const int digests = open_folder(folder);
    int file, failed;

    if (digests < 0)
        return -1;
    name_of(hex, sha256);
    file = openat(digests, hex, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    failed = errno;
    (void)close(digests);
    errno = failed;
    return file;
}

/* Could somebody else write into it once it was read? */
static bool is_others(const struct stat *about)
{
    return (about->st_uid != 0 && about->st_uid != geteuid()) ||
           (about->st_mode & (S_IWGRP | S_IWOTH)) != 0;
}

static bool check_digest(struct troth_build_problem *problem, const char *name, int file,
                         const uint8_t sha256[static 32], int copy)
{
    uint8_t seen[32];
    uint64_t size;
    const int failed = digest_file(seen, &size, file, copy);

    if (failed)
        return troth_build_fail_errno(problem, name, "cannot be read from the store",
                                      failed);
    if (troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(seen),
                         (struct troth_span){sha256, 32}))
        return true;
    (void)troth_build_fail(problem, name, "is not in the store what its digest says");
    troth_build_hint(problem, "troth build --fetch gets it again");
    return false;
}

/* In place of another's file stands a copy, of the bytes that were looked at. */
static bool check_file(struct troth_build_problem *problem, const char *name, int *file,
                       const uint8_t sha256[static 32])
{
    struct stat about;
    bool fine;
    int copy;

    if (fstat(*file, &about) != 0 || !S_ISREG(about.st_mode))
        return troth_build_fail(problem, name, "is no file in the store of inputs");
    if (!is_others(&about))
        return check_digest(problem, name, *file, sha256, -1);
    copy = memfd_create("troth", MFD_CLOEXEC);
    if (copy < 0)
        return troth_build_fail_errno(problem, name, "cannot be copied", errno);
    fine = check_digest(problem, name, *file, sha256, copy) &&
           (lseek(copy, 0, SEEK_SET) == 0 ||
            troth_build_fail_errno(problem, name, "cannot be copied", errno));
    if (!fine) {
        (void)close(copy);
        return false;
    }
    (void)close(*file);
    *file = copy;
    return true;
}

bool troth_input_store_open(int *out, struct troth_build_problem *problem,
                            const char *folder, const char *name,
                            const uint8_t sha256[static 32])
{
    int file = open_file(folder, sha256);

    *out = -1;
    if (file < 0)
        return object_to_absence(problem, name, errno);
    if (!check_file(problem, name, &file, sha256)) {
        (void)close(file);
        return false;
    }
    *out = file;
    return true;
}

bool troth_input_store_has(const char *folder, const uint8_t sha256[static 32])
{
    const int file = open_file(folder, sha256);
    struct stat about;
    bool is_there;

    if (file < 0)
        return false;
    is_there = fstat(file, &about) == 0 && S_ISREG(about.st_mode) &&
               check_digest(NULL, "", file, sha256, -1);
    (void)close(file);
    return is_there;
}

/* The folder and all above it. An errno. */
static int make_folders(const char *folder)
{
    char path[PATH_MAX];
    const int len = snprintf(path, sizeof path, "%s/" DIGESTS "/", folder);

    if (len < 0 || (size_t)len >= sizeof path)
        return ENAMETOOLONG;
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            return errno;
        *slash = '/';
    }
    return 0;
}

/* A new file of a name that nobody else has; -1 with errno. */
static int create(int digests, char *name, size_t size)
{
    int file = -1;

    errno = EEXIST;
    for (unsigned i = 0; file < 0 && errno == EEXIST && i < NAME_TRIES; i++) {
        (void)snprintf(name, size, ".new-%ld-%u", (long)getpid(), i);
        file = openat(digests, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    }
    return file;
}

static int put_file(int digests, int from, uint8_t out_sha256[static 32],
                    uint64_t *out_size)
{
    char name[64], hex[HEX_LEN + 1];
    const int to = create(digests, name, sizeof name);
    int failed;

    if (to < 0)
        return errno;
    failed = digest_file(out_sha256, out_size, from, to);
    if (!failed && (fchmod(to, 0444) != 0 || fsync(to) != 0))
        failed = errno;
    if (close(to) != 0 && !failed)
        failed = errno;
    if (!failed) {
        name_of(hex, out_sha256);
        /* In place of what may be there: a file that somebody damaged is whole again. */
        if (renameat(digests, name, digests, hex) != 0 || fsync(digests) != 0)
            failed = errno;
    }
    if (failed)
        (void)unlinkat(digests, name, 0);
    return failed;
}

bool troth_input_store_put(struct troth_build_problem *problem, const char *folder,
                           const char *name, int file, uint8_t out_sha256[static 32],
                           uint64_t *out_size)
{
    int failed = make_folders(folder);

    memset(out_sha256, 0, 32);
    *out_size = 0;
    if (!failed) {
        const int digests = open_folder(folder);

        failed = digests < 0 ? errno : put_file(digests, file, out_sha256, out_size);
        if (digests >= 0)
            (void)close(digests);
    }
    if (!failed)
        return true;
    memset(out_sha256, 0, 32);
    *out_size = 0;
    return troth_build_fail_errno(problem, name, "cannot be put into the store", failed);
}

bool troth_input_store_default(char *out, size_t size)
{
    const char *cache = troth_builder_variable("XDG_CACHE_HOME");
    const char *home = troth_builder_variable("HOME");
    int len = -1;

    /* A relative one is to be ignored, says the specification of those folders. */
    if (cache && *cache == '/')
        len = snprintf(out, size, "%s/troth/inputs", cache);
    else if (home && *home == '/')
        len = snprintf(out, size, "%s/.cache/troth/inputs", home);
    if (len >= 0 && (size_t)len < size)
        return true;
    if (size > 0)
        *out = '\0';
    return false;
}
