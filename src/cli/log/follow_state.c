/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/follow_state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/span.h"
#include "base/writer.h"
#include "tlog/checkpoint.h"
#include "tlog/note.h"

static const char head[] = "troth-log-monitor/1\n";

/* ---- reading ---- */

enum troth_err troth_follow_state_parse(struct troth_span *out, struct troth_fault *fault,
                                        struct troth_span text)
{
    const size_t head_len = sizeof head - 1;
    const struct troth_span note = troth_span_slice(text, head_len, text.len);
    struct troth_note parsed;
    struct troth_checkpoint checkpoint;
    enum troth_err err;

    *out = (struct troth_span){NULL, 0};
    if (fault)
        *fault = (struct troth_fault){TROTH_OK, NULL, 0};
    if (!troth_span_starts_with(text,
                                (struct troth_span){(const uint8_t *)head, head_len}))
        return troth_fault_set(fault, TROTH_ERR_VERSION, "state.version");
    err = troth_note_parse(&parsed, fault, note);
    if (!err)
        err = troth_checkpoint_parse(&checkpoint, fault, parsed.text);
    if (!err)
        *out = note;
    return err;
}

/* ---- writing ---- */

static int write_all(int to, struct troth_span bytes)
{
    while (bytes.len > 0) {
        const ssize_t put = write(to, bytes.ptr, bytes.len);

        if (put < 0 && errno != EINTR)
            return errno;
        if (put > 0)
            bytes = (struct troth_span){bytes.ptr + put, bytes.len - (size_t)put};
    }
    return 0;
}

/* A file's new name is on the disk once its folder is. */
static int sync_folder_of(const char *path)
{
    char folder[TROTH_FOLLOW_PATH_ROOM];
    const char *slash = strrchr(path, '/');
    const size_t len = slash ? (size_t)(slash - path) : 0;
    int descriptor, failed;

    (void)snprintf(folder, sizeof folder, "%.*s", (int)(len ? len : 1),
                   slash ? path : ".");
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    failed = descriptor < 0 || fsync(descriptor) != 0 ? errno : 0;
    if (descriptor >= 0)
        (void)close(descriptor);
    return failed;
}

static int write_new(const char *path, struct troth_span first, struct troth_span second)
{
    int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY,
                  0644);
    int failed = to < 0 ? errno : 0;

    if (!failed)
        failed = write_all(to, first);
    if (!failed)
        failed = write_all(to, second);
    if (!failed && fsync(to) != 0)
        failed = errno;
    if (to >= 0 && close(to) != 0 && !failed)
        failed = errno;
    return failed;
}

static int put(const char *path, struct troth_span first, struct troth_span second)
{
    char beside[TROTH_FOLLOW_PATH_ROOM];
    const int len = snprintf(beside, sizeof beside, "%s.new", path);
    int failed;

    if (len < 0 || (size_t)len >= sizeof beside)
        return ENAMETOOLONG;
    failed = write_new(beside, first, second);
    if (!failed && rename(beside, path) != 0)
        failed = errno;
    if (failed)
        (void)unlink(beside);
    return failed ? failed : sync_folder_of(path);
}

int troth_follow_state_write(const char *path, struct troth_span note)
{
    return put(path, (struct troth_span){(const uint8_t *)head, sizeof head - 1}, note);
}

int troth_follow_evidence_write(char out_path[static TROTH_FOLLOW_PATH_ROOM],
                                const char *state_path, uint64_t size,
                                struct troth_span note, const struct troth_crypto *crypto)
{
    uint8_t digest[TROTH_HASH_MAX], hex[16 + 1] = {0};
    struct troth_writer w = troth_writer_over(hex, sizeof hex - 1);
    int len;

    out_path[0] = '\0';
    if (troth_digest(crypto, digest, TROTH_SHA256, note))
        return EIO;
    troth_write_hex(&w, (struct troth_span){digest, 8});
    len = snprintf(out_path, TROTH_FOLLOW_PATH_ROOM, "%s.evidence-%" PRIu64 "-%s.note",
                   state_path, size, (const char *)hex);
    if (len < 0 || (size_t)len >= TROTH_FOLLOW_PATH_ROOM)
        return ENAMETOOLONG;
    return put(out_path, note, (struct troth_span){NULL, 0});
}
