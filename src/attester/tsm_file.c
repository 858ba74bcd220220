/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/tsm_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "attester/fault.h"
#include "base/number.h"

bool troth_tsm_fail(const struct troth_tsm_folder *folder,
                    struct troth_attester_fault *fault, int error,
                    const struct troth_tsm_file *file)
{
    char path[sizeof fault->path];

    (void)snprintf(path, sizeof path, "%s/%s", folder->path, file->name);
    return troth_attester_fail(fault, error, file->step, path);
}

/* Append to the `*len` bytes there are, to its end or until `room` is full. Returns 0 or
 * an errno. */
static int read_all(int from, uint8_t *out, size_t *len, size_t room)
{
    while (*len < room) {
        const ssize_t got = read(from, out + *len, room - *len);

        if (got < 0)
            return errno;
        if (got == 0)
            break;
        *len += (size_t)got;
    }
    return 0;
}

/* As long as `room` or longer is too long: EFBIG. Returns 0 or an errno. */
static int read_file(const struct troth_tsm_folder *folder, const char *name,
                     uint8_t *out, size_t *len, size_t room)
{
    const int from = openat(folder->directory, name, O_RDONLY | O_CLOEXEC);

    *len = 0;
    if (from < 0)
        return errno;
    const int error = read_all(from, out, len, room);

    (void)close(from);
    return !error && *len == room ? EFBIG : error;
}

bool troth_tsm_read_text(const struct troth_tsm_folder *folder,
                         struct troth_tsm_text *out, struct troth_attester_fault *fault,
                         const struct troth_tsm_file *file)
{
    const int error = read_file(folder, file->name, out->bytes, &out->len,
                                sizeof out->bytes);

    if (error)
        return troth_tsm_fail(folder, fault, error, file);
    if (out->len > 0 && out->bytes[out->len - 1] == '\n')
        out->len--;
    return true;
}

bool troth_tsm_read_number(const struct troth_tsm_folder *folder, uint64_t *out,
                           struct troth_attester_fault *fault,
                           const struct troth_tsm_file *file)
{
    struct troth_tsm_text text;

    if (!troth_tsm_read_text(folder, &text, fault, file))
        return false;
    if (troth_uint_parse(out, (struct troth_span){text.bytes, text.len}, 10))
        return troth_tsm_fail(folder, fault, EBADMSG, file);
    return true;
}

bool troth_tsm_read_blob(const struct troth_tsm_folder *folder, struct troth_span *out,
                         void **owned, struct troth_attester_fault *fault,
                         const struct troth_tsm_file *file)
{
    uint8_t *bytes = malloc(TROTH_TSM_BLOB_MAX + 1);
    size_t len = 0;
    const int error = bytes ? read_file(folder, file->name, bytes, &len,
                                        TROTH_TSM_BLOB_MAX + 1)
                            : ENOMEM;

    *out = (struct troth_span){NULL, 0};
    *owned = NULL;
    if (error) {
        free(bytes);
        return troth_tsm_fail(folder, fault, error, file);
    }
    *out = (struct troth_span){bytes, len};
    *owned = bytes;
    return true;
}

bool troth_tsm_write(const struct troth_tsm_folder *folder,
                     struct troth_attester_fault *fault,
                     const struct troth_tsm_file *file, struct troth_span content)
{
    const int to = openat(folder->directory, file->name, O_WRONLY | O_CLOEXEC);

    if (to < 0)
        return troth_tsm_fail(folder, fault, errno, file);
    const ssize_t put = write(to, content.ptr, content.len);
    int error = put < 0 ? errno : 0;

    if (!error && (size_t)put != content.len)
        error = EIO;
    if (close(to) != 0 && !error)
        error = errno;
    return error ? troth_tsm_fail(folder, fault, error, file) : true;
}
