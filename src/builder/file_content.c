/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/file_open.h"
#include "builder/file_tree.h"

static uint64_t mix(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return sum ^ sum >> 29;
}

uint64_t troth_content_stamp(const struct stat *status)
{
    uint64_t sum = mix(1, (uint64_t)status->st_size);

    sum = mix(sum, (uint64_t)status->st_mtim.tv_sec);
    sum = mix(sum, (uint64_t)status->st_mtim.tv_nsec);
    sum = mix(sum, (uint64_t)status->st_ctim.tv_sec);
    sum = mix(sum, (uint64_t)status->st_ctim.tv_nsec);
    return sum ? sum : 1;
}

/* A path has a zero behind it: it is the tree's copy. */
static const char *name_of(const struct troth_tree_entry *entry)
{
    return (const char *)entry->entry.path.ptr;
}

static bool changed(const struct troth_content_reader *reader,
                    struct troth_build_problem *problem)
{
    return troth_build_fail(problem, name_of(reader->entry),
                            "has changed since the build began");
}

/* Is it still the file that was added? */
static bool check(const struct troth_content_reader *reader,
                  struct troth_build_problem *problem)
{
    const struct troth_content *const content = &reader->entry->content;
    const uint64_t size = reader->entry->entry.size;
    struct stat status;

    if (fstat(reader->descriptor, &status))
        return troth_build_fail_errno(problem, name_of(reader->entry), "cannot be read",
                                      errno);
    if (!S_ISREG(status.st_mode))
        return troth_build_fail(problem, name_of(reader->entry), "is no file any more");
    if (content->path && (uint64_t)status.st_size != size)
        return changed(reader, problem);
    if (content->offset > INT64_MAX - size ||
        (uint64_t)status.st_size < content->offset + size)
        return changed(reader, problem);
    if (content->stamp && content->stamp != troth_content_stamp(&status))
        return changed(reader, problem);
    return true;
}

bool troth_content_open(struct troth_content_reader *out,
                        struct troth_build_problem *problem,
                        const struct troth_tree_entry *entry)
{
    const struct troth_content *const content = &entry->content;

    *out = (struct troth_content_reader){.entry = entry, .descriptor = -1};
    if (entry->entry.kind != TROTH_ENTRY_FILE)
        return troth_build_fail(problem, name_of(entry), "is a %s, and has no content",
                                troth_entry_kind_name(entry->entry.kind));
    if (content->bytes || (entry->entry.size == 0 && content->descriptor < 0))
        return true;
    out->descriptor = content->descriptor;
    if (content->path) {
        out->descriptor = troth_file_open_below(content->descriptor, content->path);
        if (out->descriptor < 0)
            return troth_build_fail_errno(problem, name_of(entry), "cannot be opened",
                                          errno);
        out->owned = true;
    }
    if (check(out, problem))
        return true;
    troth_content_close(out);
    return false;
}

static bool read_file(struct troth_content_reader *reader,
                      struct troth_build_problem *problem, uint8_t *out, size_t len)
{
    const uint64_t start = reader->entry->content.offset + reader->done;
    size_t done = 0;

    while (done < len) {
        const ssize_t got = pread(reader->descriptor, out + done, len - done,
                                  (off_t)(start + done));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return troth_build_fail_errno(problem, name_of(reader->entry),
                                          "cannot be read", errno);
        if (got == 0)
            return changed(reader, problem);
        done += (size_t)got;
    }
    /* What was written meanwhile may be half in it. */
    return reader->done + len < reader->entry->entry.size || check(reader, problem);
}

bool troth_content_read(struct troth_content_reader *reader,
                        struct troth_build_problem *problem, uint8_t *out, size_t len,
                        size_t *out_len)
{
    const uint64_t left = reader->entry->entry.size - reader->done;
    const uint8_t *const bytes = reader->entry->content.bytes;
    const size_t part = left < len ? (size_t)left : len;

    *out_len = 0;
    if (part == 0)
        return true;
    if (bytes)
        memcpy(out, bytes + reader->done, part);
    else if (!read_file(reader, problem, out, part))
        return false;
    reader->done += part;
    *out_len = part;
    return true;
}

void troth_content_close(struct troth_content_reader *reader)
{
    if (reader->owned)
        (void)close(reader->descriptor);
    reader->owned = false;
    reader->descriptor = -1;
}
